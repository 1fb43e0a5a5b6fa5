// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Every global batch from one stream. Needs two bytes for each global batch of the epoch, besides the shuffles' memory.</summary>
internal sealed class PerStreamBatching : EpochOrder
{
    private readonly Partition[] _partitions;
    private readonly Lazy<ShuffledOrder>[] _sources;
    private readonly long[] _firstRows;
    private readonly ushort[] _origins;
    private readonly long _firstRow;
    private readonly int _node;
    private readonly int _rankOfNode;
    private readonly int _batchSize;

    public PerStreamBatching(OrderRequest request)
        : base(request)
    {
        _node = request.World.Node;
        _rankOfNode = request.World.RankOfNode;
        _batchSize = request.Options.BatchSize;
        var streams = request.Weights.Choose.Length;
        _partitions = new Partition[streams];
        _sources = new Lazy<ShuffledOrder>[streams];
        _firstRows = new long[streams];
        var rows = new long[streams];
        for (var stream = 0; stream < streams; stream++)
        {
            StreamBatches.RequireSamples(request, stream);
            var partition = Partition.Create(
                request.Options.PartitionAlgorithm,
                PartitionShape.Of(request, request.Weights.Choose[stream]),
                dropFirst: 0,
                request.State.InitialPhysicalNodes);
            _partitions[stream] = partition;
            rows[stream] = partition.FullBatches;
            if (rows[stream] == 0)
            {
                throw StreamBatches.TooFewSamples(request, stream, "global batch", request.GlobalBatchSize);
            }
        }

        var generator = StreamBatches.CreateOriginGenerator(request);
        _origins = StreamBatches.ShuffleOrigins(rows, ref generator);
        _firstRow = Math.Min(request.State.SampleInEpoch / request.GlobalBatchSize, _origins.Length);
        foreach (var stream in _origins.AsSpan(0, (int)_firstRow))
        {
            _firstRows[stream]++;
        }

        for (var stream = 0; stream < streams; stream++)
        {
            var window = _partitions[stream].Window;
            var column = Math.Max((_firstRows[stream] * request.GlobalBatchSize / request.State.NumCanonicalNodes) - window.Lookback, 0);
            _sources[stream] = ShuffledOrder.Prepare(request, stream, window with { FirstColumn = column });
        }
    }

    /// <inheritdoc/>
    public override long BatchCount => _origins.Length - _firstRow;

    /// <inheritdoc/>
    public override long SampleCount => BatchCount * _batchSize;

    /// <inheritdoc/>
    internal override BatchCursor OpenCursor() => new Cursor(this);

    private sealed class Cursor(PerStreamBatching plan) : BatchCursor
    {
        private readonly ShuffleReader?[] _readers = new ShuffleReader?[plan._sources.Length];
        private readonly long[] _rows = [.. plan._firstRows];
        private long _row = plan._firstRow;

        public override int ReadBatch(Span<long> sampleIds)
        {
            var batch = RequireRoom(sampleIds, plan._batchSize);
            if (_row == plan._origins.Length)
            {
                return 0;
            }

            var stream = plan._origins[_row++];
            var reader = _readers[stream] ??= plan._sources[stream].Value.OpenReader();
            var slot = _rows[stream]++ * plan._batchSize;
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = reader.Read(plan._partitions[stream].PositionAt(plan._node, plan._rankOfNode, slot + i));
            }

            return batch.Length;
        }
    }
}
