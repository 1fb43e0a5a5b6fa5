// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>What one rank sees of one epoch, from the place where it begins or resumes.</summary>
/// <remarks>Thread-safe; cursors are not. Making it is cheap; the first cursor does the drawing that the shuffle algorithm needs. Mirrors
/// <c>streaming.base.batching.generate_work</c>, whose tensor holds the batches of all ranks.</remarks>
public abstract class EpochOrder
{
    private readonly OrderRequest _request;

    private protected EpochOrder(OrderRequest request) => _request = request;

    /// <summary>Gets where the plan begins, with the canonical nodes and the seed in force.</summary>
    public LoaderState Start => _request.State;

    /// <summary>Gets the epoch, from 0.</summary>
    public long Epoch => Start.Epoch;

    /// <summary>Gets the canonical nodes in force.</summary>
    public int NumCanonicalNodes => Start.NumCanonicalNodes;

    /// <summary>Gets the shuffle block size in force, in samples.</summary>
    public long ShuffleBlockSize => _request.BlockSize;

    /// <summary>Gets the samples of a full batch over all ranks.</summary>
    public long GlobalBatchSize => _request.GlobalBatchSize;

    /// <summary>Gets the number of batches, none of them empty, that this rank has left.</summary>
    public abstract long BatchCount { get; }

    /// <summary>Gets the number of samples that this rank has left.</summary>
    public abstract long SampleCount { get; }

    /// <summary>Goes through the rank's batches in the order in which its training loop sees them.</summary>
    /// <returns>The sample ids of one batch after the other.</returns>
    public IEnumerable<long[]> ReadBatches()
    {
        var cursor = OpenCursor();
        var ids = new long[_request.Options.BatchSize];
        while (cursor.ReadBatch(ids) is > 0 and var count)
        {
            yield return ids[..count];
        }
    }

    /// <summary>Opens a walk over the same batches that allocates nothing.</summary>
    /// <returns>The cursor, at the first batch.</returns>
    internal abstract BatchCursor OpenCursor();

    /// <summary>Finds what the user may not expect of this order.</summary>
    internal IEnumerable<OrderNotice> FindNotices() => new OrderNotices(_request).Find();

    /// <inheritdoc/>
    public override string ToString() =>
        $"Epoch {Epoch} from sample {Start.SampleInEpoch} on: {Counted.Of(SampleCount, "sample")} in {Counted.Of(BatchCount, "batch", "batches")} on this rank";
}
