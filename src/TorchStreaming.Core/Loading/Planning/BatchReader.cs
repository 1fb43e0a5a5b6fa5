// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Reads the batches of an order that the consumer gets.</summary>
internal sealed class BatchReader(BatchCursor cursor, int batchSize, bool dropLast)
{
    /// <summary>Gets the number of samples in a full batch.</summary>
    public int BatchSize => batchSize;

    /// <summary>Reads the next batch.</summary>
    /// <param name="sampleIds">Receives the sample ids.</param>
    /// <returns>How many there are; 0 at the end of the epoch.</returns>
    public int Read(Span<long> sampleIds)
    {
        int count;
        do
        {
            count = cursor.ReadBatch(sampleIds);
        }
        while (dropLast && count > 0 && count < batchSize);

        return Math.Max(count, 0);
    }
}
