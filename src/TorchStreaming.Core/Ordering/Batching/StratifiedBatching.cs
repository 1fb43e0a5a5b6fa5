// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Every global batch with a share of every stream. Needs nothing but the shuffles' memory.</summary>
/// <remarks>The shares are one after another in the global batch, which is then cut into device batches, so only the global batch is
/// stratified. Upstream does so, and orders depend on it.</remarks>
internal sealed class StratifiedBatching : EpochOrder
{
    private readonly OrigPartition[] _partitions;
    private readonly Lazy<ShuffledOrder>[] _sources;
    private readonly long[] _shareStarts;
    private readonly long _firstRow;
    private readonly long _rows;
    private readonly long _firstPlace;
    private readonly int _batchSize;

    public StratifiedBatching(OrderRequest request)
        : base(request)
    {
        _batchSize = request.Options.BatchSize;
        _firstPlace = (long)request.World.Rank * _batchSize;
        var shares = StratifiedShares.Divide(request.Weights.Proportion.AsSpan(), request.GlobalBatchSize);
        _shareStarts = new long[shares.Length + 1];
        _partitions = new OrigPartition[shares.Length];
        _rows = long.MaxValue;
        for (var stream = 0; stream < shares.Length; stream++)
        {
            _shareStarts[stream + 1] = _shareStarts[stream] + shares[stream];
            StreamBatches.RequireSamples(request, stream);
            // On one node of batches of one, the traversal of the partition is the list of the node's entries.
            var shape = PartitionShape.Of(request, request.Weights.Choose[stream]) with { PhysicalNodes = 1, BatchSize = 1 };
            _partitions[stream] = new OrigPartition(shape, dropFirst: 0);
            _rows = Math.Min(_rows, _partitions[stream].EntriesPerNode / shares[stream]);
        }

        _firstRow = Math.Min(request.State.SampleInEpoch / request.GlobalBatchSize, _rows);
        _sources = new Lazy<ShuffledOrder>[shares.Length];
        for (var stream = 0; stream < shares.Length; stream++)
        {
            var window = _partitions[stream].Window;
            var column = Math.Max((_firstRow * shares[stream] / request.State.NumCanonicalNodes) - window.Lookback, 0);
            _sources[stream] = ShuffledOrder.Prepare(request, stream, window with { FirstColumn = column });
        }
    }

    /// <inheritdoc/>
    public override long BatchCount => _rows - _firstRow;

    /// <inheritdoc/>
    public override long SampleCount => BatchCount * _batchSize;

    /// <inheritdoc/>
    internal override BatchCursor OpenCursor() => new Cursor(this);

    private sealed class Cursor(StratifiedBatching plan) : BatchCursor
    {
        private readonly ShuffleReader?[] _readers = new ShuffleReader?[plan._sources.Length];
        private long _row = plan._firstRow;

        public override int ReadBatch(Span<long> sampleIds)
        {
            var batch = RequireRoom(sampleIds, plan._batchSize);
            if (_row == plan._rows)
            {
                return 0;
            }

            var stream = Spanner.LastAtOrBelow(plan._shareStarts, plan._firstPlace);
            for (var i = 0; i < batch.Length; i++)
            {
                var place = plan._firstPlace + i;
                while (place >= plan._shareStarts[stream + 1])
                {
                    stream++;
                }

                var share = plan._shareStarts[stream + 1] - plan._shareStarts[stream];
                var entry = (_row * share) + place - plan._shareStarts[stream];
                var reader = _readers[stream] ??= plan._sources[stream].Value.OpenReader();
                batch[i] = reader.Read(plan._partitions[stream].PositionOfNodeEntry(0, entry));
            }

            _row++;
            return batch.Length;
        }
    }
}
