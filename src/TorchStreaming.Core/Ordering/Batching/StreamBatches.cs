// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The rules that streams must keep to be batched by themselves.</summary>
internal static class StreamBatches
{
    public static void RequireSamples(EpochRequest request, int stream)
    {
        if (request.Weights.Choose[stream] == 0)
        {
            throw new ArgumentException(
                $"Stream {stream} gives no samples to the epoch, which the batching method {request.Options.BatchingMethod.ToName()} "
                + "cannot use. Remove the stream or raise its weight.");
        }
    }

    public static ArgumentException TooFewSamples(EpochRequest request, int stream, string batch, long batchSize) => new(
        $"Stream {stream} gives {request.Weights.Choose[stream]} samples to the epoch, too few for one {batch} of {batchSize}, which the "
        + $"batching method {request.Options.BatchingMethod.ToName()} needs. Lower the batch size, or raise the stream's weight.");
}
