// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Which samples stand in each batch of one rank. Immutable and thread-safe.</summary>
/// <remarks>Mirrors <c>streaming.base.batching.generate_work</c>, whose tensor holds the batches of all ranks.</remarks>
internal abstract class BatchPlan
{
    /// <summary>Gets the number of batches that are not empty.</summary>
    public abstract long BatchCount { get; }

    /// <summary>Gets the number of samples in all batches.</summary>
    public abstract long SampleCount { get; }

    /// <summary>Makes the plan of the batching method.</summary>
    /// <exception cref="ArgumentException">The streams, the options and the world do not fit each other.</exception>
    /// <exception cref="ResumeException">The state does not fit the epoch or the world.</exception>
    public static BatchPlan Create(EpochRequest request) => request.Options.BatchingMethod switch
    {
        BatchingMethod.Random => new RandomBatchPlan(request),
        BatchingMethod.Stratified => new StratifiedBatchPlan(request),
        BatchingMethod.PerStream => new PerStreamBatchPlan(request),
        BatchingMethod.DevicePerStream => new DevicePerStreamBatchPlan(request),
        _ => throw new NotSupportedException($"The batching method {request.Options.BatchingMethod} is not available."),
    };

    /// <summary>Opens a walk over the batches.</summary>
    public abstract BatchCursor OpenCursor();

    /// <summary>Divides the samples of one stream or all of them.</summary>
    protected static PartitionShape GetShape(EpochRequest request, long sampleCount) => new(
        sampleCount,
        request.State.NumCanonicalNodes,
        request.World.NodeCount,
        request.World.RanksPerNode,
        request.Workers,
        request.Options.BatchSize);

    /// <summary>Checks that a buffer can take a batch.</summary>
    protected static Span<long> RequireRoom(Span<long> sampleIds, int batchSize) => sampleIds.Length >= batchSize
        ? sampleIds[..batchSize]
        : throw new ArgumentException($"The buffer holds {sampleIds.Length} sample ids, but a batch may have {batchSize}.",
            nameof(sampleIds));

    /// <summary>Shuffles the list of which stream each batch is of.</summary>
    /// <param name="counts">The batches of each stream.</param>
    /// <param name="generator">The generator.</param>
    protected static ushort[] ShuffleOrigins(ReadOnlySpan<long> counts, ref NumpyGenerator generator)
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

    /// <summary>Makes the generator that shuffles lists of streams.</summary>
    protected static NumpyGenerator CreateOriginGenerator(EpochRequest request) =>
        new(request.Options.Shuffle && request.IsBalanced ? request.EpochSeed : request.State.ShuffleSeed);
}
