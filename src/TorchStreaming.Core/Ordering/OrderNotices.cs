// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Ordering;

/// <summary>Finds what its user may not expect of an order: where upstream prints a warning while it plans an epoch.</summary>
/// <param name="request">What the epoch is planned from.</param>
internal sealed class OrderNotices(OrderRequest request)
{
    private readonly OrderOptions _options = request.Options;
    private readonly World _world = request.World;
    private readonly LoaderState _state = request.State;

    private bool MixesStreamsAtRandom => _options.BatchingMethod == BatchingMethod.Random;

    /// <summary>Finds all notices.</summary>
    public IEnumerable<OrderNotice> Find() => new[]
    {
        FindChosenCanonicalNodes(), FindTooFewSamples(), FindIdleRanks(), FindSmallBlocks(), FindBrokenBatch(), FindUnevenNodes(),
        FindReplication(), FindLeftOut(),
    }.OfType<OrderNotice>();

    private OrderNotice? FindChosenCanonicalNodes() => _options.NumCanonicalNodes is null && _state.SampleInEpoch == 0
        ? Notice(OrderNoticeKind.CanonicalNodesChosen, isWarning: false,
            $"NumCanonicalNodes is not given and taken to be {_state.NumCanonicalNodes} for {_world.NodeCount} nodes. A run "
            + "that begins on another number of nodes has another order; give it to have the same.")
        : null;

    private OrderNotice? FindTooFewSamples()
    {
        var canonical = _state.NumCanonicalNodes;
        var least = GetCounts().Min();
        return least < canonical || (least == canonical && canonical < _world.NodeCount)
            ? Notice(OrderNoticeKind.FewerSamplesThanCanonicalNodes, isWarning: true,
                $"{least} samples are divided over {canonical} canonical nodes, so that samples are repeated. Check that the "
                + "dataset is whole, and set NumCanonicalNodes to less.")
            : null;
    }

    private OrderNotice? FindIdleRanks()
    {
        var ranks = _world.RanksPerNode;
        foreach (var count in GetCounts())
        {
            var ofNode = Math.Max(0, count - (MixesStreamsAtRandom ? _state.SampleInEpoch : 0)) / _world.NodeCount;
            var missing = (ranks - (ofNode % ranks)) % ranks;
            if (ofNode > 0 && missing > 0 && ranks + missing - 1 > ofNode)
            {
                return Notice(OrderNoticeKind.FewerSamplesThanRanks, isWarning: true,
                    $"{ofNode} samples of a node are divided over {ranks} ranks, so that the same samples are repeated again and "
                    + "again. Check that the dataset is whole.");
            }
        }

        return null;
    }

    private OrderNotice? FindSmallBlocks()
    {
        if (!_options.Shuffle || _options.ShuffleAlgorithm != ShuffleAlgorithm.Py1E)
        {
            return null;
        }

        for (var stream = 0; stream < _options.Streams.Length; stream++)
        {
            var block = MixesStreamsAtRandom ? request.BlockSize : (long)(request.BlockSize * request.Weights.Proportion[stream]);
            var shard = Math.Min(
                _options.Streams[stream].ShardSizes.DefaultIfEmpty(0).Max(),
                (request.Weights.EpochSize + _state.NumCanonicalNodes - 1) / _state.NumCanonicalNodes);
            if (shard > block && _options.Streams[stream].ShardSizes.Length > 1)
            {
                return Notice(OrderNoticeKind.BlockSmallerThanShard, isWarning: true,
                    $"Shards of stream {stream} have up to {shard} samples and shuffle blocks {block}: such shards are shuffled, "
                    + $"but hardly mixed with others. Set ShuffleBlockSize to several times {shard}.");
            }
        }

        return null;
    }

    private OrderNotice? FindBrokenBatch()
    {
        var rest = _state.SampleInEpoch % request.GlobalBatchSize;
        return !MixesStreamsAtRandom && rest > 0
            ? Notice(OrderNoticeKind.ResumedWithinBatch, isWarning: true,
                $"The state is at sample {_state.SampleInEpoch}, within a batch of {request.GlobalBatchSize} over all "
                + $"ranks. With this batching method the epoch continues at the batch's beginning: {rest} samples come again.")
            : null;
    }

    private OrderNotice? FindUnevenNodes()
    {
        var canonical = _state.NumCanonicalNodes;
        var nodes = _world.NodeCount;
        var fits = nodes <= canonical ? canonical % nodes == 0 : nodes % canonical == 0;
        var divisor = fits || _options.PartitionAlgorithm == PartitionAlgorithm.Orig ? nodes : _state.InitialPhysicalNodes ?? nodes;
        var rest = MixesStreamsAtRandom ? _state.SampleInEpoch % divisor : 0;
        return rest > 0
            ? Notice(OrderNoticeKind.ResumedBetweenNodes, isWarning: true,
                $"The state is at sample {_state.SampleInEpoch}, which {divisor} nodes cannot share evenly. The epoch continues "
                + $"{rest} samples before.")
            : null;
    }

    private OrderNotice? FindReplication() => _options.Replication is > 1 and var replication && _state.SampleInEpoch > 0
        ? Notice(OrderNoticeKind.ResumedUnderReplication, isWarning: false,
            $"Continuing at sample {_state.SampleInEpoch} with a replication of {replication}: a state counts each sample "
            + "once, however many ranks have it. States of a loader do; where StateDict was given a count, it must have been "
            + "of that kind.")
        : null;

    private OrderNotice? FindLeftOut()
    {
        var batch = _options.BatchingMethod switch
        {
            BatchingMethod.PerStream or BatchingMethod.Stratified => request.GlobalBatchSize,
            BatchingMethod.DevicePerStream => _options.BatchSize,
            _ => 0L,
        };
        var some = batch > 0 && Enumerable.Range(0, request.Weights.Choose.Length).Any(stream => LeavesSomeOut(stream, batch));
        return some
            ? Notice(OrderNoticeKind.IncompleteBatchesLeftOut, isWarning: false,
                "With this batching method an epoch has whole batches alone: samples of a stream that do not fill their part "
                + $"of a batch of {batch} are left out of the epoch.")
            : null;
    }

    private bool LeavesSomeOut(int stream, long batch)
    {
        var count = request.Weights.Choose[stream];
        var share = _options.BatchingMethod == BatchingMethod.Stratified ? batch * request.Weights.Proportion[stream] : batch;
        return share > 0 && Math.Abs(Math.IEEERemainder(count, share)) > 1e-6;
    }

    /// <summary>Gets how many samples are partitioned at a time: those of all streams, or of each.</summary>
    private ImmutableArray<long> GetCounts() => MixesStreamsAtRandom ? [request.Weights.EpochSize] : request.Weights.Choose;

    private static OrderNotice Notice(OrderNoticeKind kind, bool isWarning, string text) => new(kind, isWarning, text);
}
