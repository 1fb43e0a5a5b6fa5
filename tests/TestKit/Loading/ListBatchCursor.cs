// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.TestKit;

/// <summary>Walks batches that the test has written down.</summary>
internal sealed class ListBatchCursor(IEnumerable<long[]> batches) : BatchCursor
{
    private readonly IEnumerator<long[]> _batches = batches.GetEnumerator();

    /// <inheritdoc/>
    public override int ReadBatch(Span<long> sampleIds)
    {
        if (!_batches.MoveNext())
        {
            return 0;
        }

        _batches.Current.CopyTo(sampleIds);
        return _batches.Current.Length;
    }
}
