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
}
