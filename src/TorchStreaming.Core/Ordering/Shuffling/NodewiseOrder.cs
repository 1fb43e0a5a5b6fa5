// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>An order whose canonical nodes are read independently of each other.</summary>
internal abstract class NodewiseOrder : ShuffledOrder
{
    /// <summary>Creates the order.</summary>
    protected NodewiseOrder(ShuffleSettings settings, SampleUnits units)
    {
        Validate(settings, units.SampleCount);
        Settings = settings;
        Units = units;
    }

    /// <summary>Gets the algorithm's arguments.</summary>
    protected ShuffleSettings Settings { get; }

    /// <summary>Gets the samples.</summary>
    protected SampleUnits Units { get; }

    /// <inheritdoc/>
    public override ShuffleReader OpenReader() => new Reader(this);

    /// <summary>Gets the first position of a canonical node.</summary>
    protected long GetNodeStart(int node) => PartitionShape.GetNodeStart(node, Units.SampleCount, Settings.CanonicalNodes);

    /// <summary>Gets the number of samples of a canonical node.</summary>
    protected long GetNodeLength(int node) => GetNodeStart(node + 1) - GetNodeStart(node);

    /// <summary>Opens a reader of one canonical node.</summary>
    protected abstract NodeReader OpenNode(int node);

    private sealed class Reader(NodewiseOrder order) : ShuffleReader
    {
        private readonly NodeReader?[] _nodes = new NodeReader?[order.Settings.CanonicalNodes];
        private readonly long _sampleCount = order.Units.SampleCount;
        private int _node;
        private long _start;
        private long _end;

        public override long Read(long position)
        {
            if (position < _start || position >= _end)
            {
                _node = PartitionShape.FindNode(position, _sampleCount, _nodes.Length);
                _start = order.GetNodeStart(_node);
                _end = order.GetNodeStart(_node + 1);
            }

            return (_nodes[_node] ??= order.OpenNode(_node)).Read(position - _start);
        }
    }
}
