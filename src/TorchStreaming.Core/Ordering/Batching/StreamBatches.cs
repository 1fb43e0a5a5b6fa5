// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>What the orders with batches of one stream each have in common.</summary>
internal static class StreamBatches
{
    public static void RequireSamples(OrderRequest request, int stream)
    {
        if (request.Weights.Choose[stream] == 0)
        {
            throw new ArgumentException(
                $"Stream {stream} gives no samples to the epoch, which the batching method {request.Options.BatchingMethod.ToName()} "
                + "cannot use. Remove the stream or raise its weight.");
        }
    }

    public static ArgumentException TooFewSamples(OrderRequest request, int stream, string batch, long batchSize) => new(
        $"Stream {stream} gives {request.Weights.Choose[stream]} samples to the epoch, too few for one {batch} of {batchSize}, which the "
        + $"batching method {request.Options.BatchingMethod.ToName()} needs. Lower the batch size, or raise the stream's weight.");

    /// <summary>Makes the generator that shuffles lists of streams.</summary>
    public static NumpyGenerator CreateOriginGenerator(OrderRequest request) =>
        new(request.Options.Shuffle && request.IsBalanced ? request.EpochSeed : request.State.ShuffleSeed);

    /// <summary>Shuffles the list of which stream each batch is of.</summary>
    /// <param name="counts">The batches of each stream.</param>
    /// <param name="generator">The generator.</param>
    public static ushort[] ShuffleOrigins(ReadOnlySpan<long> counts, ref NumpyGenerator generator)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total = checked(total + count);
        }

        if (total > Array.MaxLength || counts.Length > ushort.MaxValue)
        {
            throw new ArgumentException(
                $"Batches of one stream each can be {Array.MaxLength} of at most {ushort.MaxValue} streams, "
                + $"but there are {total} of {counts.Length}. Use the random batching method.");
        }

        var origins = new ushort[total];
        var next = 0;
        for (var stream = 0; stream < counts.Length; stream++)
        {
            origins.AsSpan(next, (int)counts[stream]).Fill((ushort)stream);
            next += (int)counts[stream];
        }

        generator.Shuffle<ushort>(origins);
        return origins;
    }
}
