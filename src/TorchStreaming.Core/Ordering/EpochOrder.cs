// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;

namespace TorchStreaming.Ordering;

/// <summary>What one rank sees of one epoch, from the place where it begins or resumes.</summary>
/// <remarks>Thread-safe; cursors are not. Making it is cheap; the first cursor does the drawing that the shuffle algorithm needs.</remarks>
public sealed class EpochOrder
{
    private readonly EpochRequest _request;
    private readonly BatchPlan _plan;

    internal EpochOrder(EpochRequest request, BatchPlan plan)
    {
        _request = request;
        _plan = plan;
        Start = request.State;
        ShuffleBlockSize = request.BlockSize;
        GlobalBatchSize = request.GlobalBatchSize;
    }

    /// <summary>Gets where the plan begins, with the canonical nodes and the seed in force.</summary>
    public LoaderState Start { get; }

    /// <summary>Gets the epoch, from 0.</summary>
    public long Epoch => Start.Epoch;

    /// <summary>Gets the canonical nodes in force.</summary>
    public int NumCanonicalNodes => Start.NumCanonicalNodes;

    /// <summary>Gets the shuffle block size in force, in samples.</summary>
    public long ShuffleBlockSize { get; }

    /// <summary>Gets the samples of a full batch over all ranks.</summary>
    public long GlobalBatchSize { get; }

    /// <summary>Gets the number of batches, none of them empty, that this rank has left.</summary>
    public long BatchCount => _plan.BatchCount;

    /// <summary>Gets the number of samples that this rank has left.</summary>
    public long SampleCount => _plan.SampleCount;

    /// <summary>Finds what the user may not expect of this order.</summary>
    internal IEnumerable<OrderNotice> FindNotices() => new OrderNotices(_request).Find();

    /// <inheritdoc/>
    public override string ToString() =>
        $"Epoch {Epoch} from sample {Start.SampleInEpoch} on: {Counted.Of(SampleCount, "sample")} in {Counted.Of(BatchCount, "batch", "batches")} on this rank";

    /// <summary>Opens a walk over the rank's batches in the order in which its training loop sees them.</summary>
    /// <returns>The cursor, at the first batch.</returns>
    public BatchCursor OpenCursor() => _plan.OpenCursor();
}
