// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Every device batch from one stream. Needs two bytes for each device batch of one node in the epoch, besides the shuffles'
/// memory.</summary>
/// <remarks>The nodes' device batches are interleaved one by one and then dealt out node by node, so a node may be given batches that were
/// made for another's canonical nodes. Upstream does so, and orders depend on it.</remarks>
internal sealed class DevicePerStreamBatching : EpochOrder
{
    private readonly OrigPartition[] _partitions;
    private readonly Lazy<ShuffledOrder>[] _sources;
    private readonly ushort[] _origins;
    private readonly long[] _firstBatches;
    private readonly long _firstIndex;
    private readonly long _lastIndex;
    private readonly int _step;
    private readonly int _firstCanonicalNode;
    private readonly int _canonicalNodes;
    private readonly int _batchSize;

    public DevicePerStreamBatching(OrderRequest request)
        : base(request)
    {
        var world = request.World;
        var canonical = request.State.NumCanonicalNodes;
        if (canonical % world.NodeCount != 0)
        {
            throw new ArgumentException(
                $"The batching method device_per_stream needs canonical nodes that are divisible by the physical nodes, but there are "
                + $"{canonical} and {world.NodeCount}. Set NumCanonicalNodes to a multiple of the nodes.");
        }

        _batchSize = request.Options.BatchSize;
        _canonicalNodes = canonical / world.NodeCount;
        _step = world.RanksPerNode;
        // Device batch d of the epoch is batch d / nodes of node d % nodes; this rank takes every one whose number leaves its rank when
        // divided by the ranks.
        var sourceNode = world.Rank % world.NodeCount;
        _firstCanonicalNode = sourceNode * _canonicalNodes;
        _partitions = DivideStreams(request, out var counts);
        _origins = ShuffleOrigins(request, counts, sourceNode);

        var firstRow = request.State.SampleInEpoch / request.GlobalBatchSize;
        _firstIndex = checked((firstRow * _step) + (world.Rank / world.NodeCount));
        _lastIndex = _origins.Length;
        _firstBatches = new long[_partitions.Length];
        foreach (var stream in _origins.AsSpan(0, (int)Math.Min(_firstIndex, _lastIndex)))
        {
            _firstBatches[stream]++;
        }

        _sources = CreateSources(request);
    }

    /// <inheritdoc/>
    public override long BatchCount => _firstIndex >= _lastIndex ? 0 : ((_lastIndex - _firstIndex - 1) / _step) + 1;

    /// <inheritdoc/>
    public override long SampleCount => BatchCount * _batchSize;

    /// <inheritdoc/>
    internal override BatchCursor OpenCursor() => new Cursor(this);

    private static ushort[] ShuffleOrigins(OrderRequest request, long[] counts, int sourceNode)
    {
        // One generator serves all nodes in turn; every node has equally many batches of each stream.
        var generator = StreamBatches.CreateOriginGenerator(request);
        var origins = StreamBatches.ShuffleOrigins(counts, ref generator);
        for (var node = 0; node < sourceNode; node++)
        {
            origins = StreamBatches.ShuffleOrigins(counts, ref generator);
        }

        return origins;
    }

    private OrigPartition[] DivideStreams(OrderRequest request, out long[] counts)
    {
        var partitions = new OrigPartition[request.Weights.Choose.Length];
        counts = new long[partitions.Length];
        for (var stream = 0; stream < partitions.Length; stream++)
        {
            StreamBatches.RequireSamples(request, stream);
            // As many physical nodes as canonical ones: each physical node's list is one canonical node.
            var shape = PartitionShape.Of(request, request.Weights.Choose[stream]) with
            {
                PhysicalNodes = request.State.NumCanonicalNodes,
                BatchSize = 1,
            };
            partitions[stream] = new OrigPartition(shape, dropFirst: 0);
            counts[stream] = partitions[stream].EntriesPerNode * _canonicalNodes / _batchSize;
            if (counts[stream] == 0)
            {
                throw StreamBatches.TooFewSamples(request, stream, "device batch on every node", _batchSize);
            }
        }

        return partitions;
    }

    private Lazy<ShuffledOrder>[] CreateSources(OrderRequest request)
    {
        var sources = new Lazy<ShuffledOrder>[_partitions.Length];
        for (var stream = 0; stream < sources.Length; stream++)
        {
            var window = _partitions[stream].Window;
            var column = Math.Max((_firstBatches[stream] * _batchSize / _canonicalNodes) - _step - window.Lookback, 0);
            sources[stream] = ShuffledOrder.Prepare(request, stream, window with { FirstColumn = column });
        }

        return sources;
    }

    /// <summary>Gets the position of an entry in the traversal of a node's part of a stream: rank by rank within a canonical node, then
    /// canonical node by canonical node, then batch by batch.</summary>
    private long PositionOf(int stream, long entry)
    {
        var (group, rank) = Math.DivRem(entry, _step);
        var (slot, node) = Math.DivRem(group, _canonicalNodes);
        return _partitions[stream].PositionAt(_firstCanonicalNode + (int)node, (int)rank, slot);
    }

    private sealed class Cursor(DevicePerStreamBatching plan) : BatchCursor
    {
        private readonly ShuffleReader?[] _readers = new ShuffleReader?[plan._sources.Length];
        private readonly long[] _batches = [.. plan._firstBatches];
        private long _index = plan._firstIndex;
        private long _counted = plan._firstIndex;

        public override int ReadBatch(Span<long> sampleIds)
        {
            var batch = RequireRoom(sampleIds, plan._batchSize);
            if (_index >= plan._lastIndex)
            {
                return 0;
            }

            for (; _counted < _index; _counted++)
            {
                _batches[plan._origins[_counted]]++;
            }

            var stream = plan._origins[_index];
            var reader = _readers[stream] ??= plan._sources[stream].Value.OpenReader();
            var entry = _batches[stream] * plan._batchSize;
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = reader.Read(plan.PositionOf(stream, entry + i));
            }

            _index += plan._step;
            return batch.Length;
        }
    }
}
