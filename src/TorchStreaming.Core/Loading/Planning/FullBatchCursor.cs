// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Leaves out the batches of another order that are not full.</summary>
internal sealed class FullBatchCursor(BatchCursor cursor, int batchSize) : BatchCursor
{
    public override int ReadBatch(Span<long> sampleIds)
    {
        int count;
        do
        {
            count = cursor.ReadBatch(sampleIds);
        }
        while (count > 0 && count < batchSize);

        return count;
    }
}
