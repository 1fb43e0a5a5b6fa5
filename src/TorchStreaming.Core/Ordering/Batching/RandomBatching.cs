// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>All streams as one pool of samples. Needs nothing but the shuffle's memory.</summary>
internal sealed class RandomBatching : EpochOrder
{
    private readonly Partition _partition;
    private readonly Lazy<ShuffledOrder> _source;
    private readonly int _node;
    private readonly int _rankOfNode;
    private readonly int _batchSize;

    public RandomBatching(OrderRequest request)
        : base(request)
    {
        _node = request.World.Node;
        _rankOfNode = request.World.RankOfNode;
        _batchSize = request.Options.BatchSize;
        _partition = Partition.Create(
            request.Options.PartitionAlgorithm,
            PartitionShape.Of(request, request.Weights.EpochSize),
            request.State.SampleInEpoch,
            request.State.InitialPhysicalNodes,
            countsRepeats: request.State.Fingerprint is not null);
        _source = ShuffledOrder.Prepare(request, stream: null, _partition.Window);
        var lastBatch = _partition.CountLastBatch(_node, _rankOfNode);
        BatchCount = _partition.FullBatches + (lastBatch > 0 ? 1 : 0);
        SampleCount = (_partition.FullBatches * _batchSize) + lastBatch;
    }

    /// <inheritdoc/>
    public override long BatchCount { get; }

    /// <inheritdoc/>
    public override long SampleCount { get; }

    /// <inheritdoc/>
    internal override BatchCursor OpenCursor() => new Cursor(this);

    private sealed class Cursor(RandomBatching plan) : BatchCursor
    {
        private ShuffleReader? _reader;
        private long _row;

        public override int ReadBatch(Span<long> sampleIds)
        {
            var batch = RequireRoom(sampleIds, plan._batchSize);
            if (_row == plan.BatchCount)
            {
                return 0;
            }

            _reader ??= plan._source.Value.OpenReader();
            var count = 0;
            for (var i = 0; i < batch.Length; i++)
            {
                var position = plan._partition.PositionAt(plan._node, plan._rankOfNode, (_row * plan._batchSize) + i);
                if (position != Partition.Padding)
                {
                    batch[count++] = _reader.Read(position);
                }
            }

            _row++;
            return count;
        }
    }
}
