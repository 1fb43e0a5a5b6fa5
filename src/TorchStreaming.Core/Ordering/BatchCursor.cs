// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Walks the batches of one rank in one epoch, in the order in which its training loop sees them.</summary>
/// <remarks>Not thread-safe.</remarks>
internal abstract class BatchCursor
{
    /// <summary>Reads the next batch that is not empty.</summary>
    /// <param name="sampleIds">Receives the sample ids; at least the per-device batch size long. An id is a sample's number in the whole
    /// dataset.</param>
    /// <returns>How many ids were written; 0 at the end of the epoch.</returns>
    public abstract int ReadBatch(Span<long> sampleIds);

    /// <summary>Checks that a buffer can take a batch.</summary>
    private protected static Span<long> RequireRoom(Span<long> sampleIds, int batchSize) => sampleIds.Length >= batchSize
        ? sampleIds[..batchSize]
        : throw new ArgumentException($"The buffer holds {sampleIds.Length} sample ids, but a batch may have {batchSize}.",
            nameof(sampleIds));
}
