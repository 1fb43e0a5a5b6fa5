// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Shards in shuffled order with their samples shuffled once for the run; then each node's parts, and the samples of each part,
/// shuffled for the epoch. Needs memory for the shards and a generator state for each, and for two shards of samples per canonical node
/// that is read.</summary>
internal sealed class Py2SOrder : SequentialOrder<Py2SOrder.NodeStart>
{
    private readonly SpanList _spans;
    private readonly NumpyGenerator[] _runGenerators;
    private NumpyGenerator _epochGenerator;

    public Py2SOrder(ShuffleSettings settings, EpochUnits units)
        : base(settings, units)
    {
        var order = new int[units.Count];
        var runGenerator = new NumpyGenerator(settings.RunSeed);
        runGenerator.Permutation<int>(order);
        _runGenerators = new NumpyGenerator[units.Count];
        foreach (var unit in order)
        {
            _runGenerators[unit] = runGenerator;
            runGenerator.SkipShuffle(units.GetLength(unit));
        }

        _spans = SpanList.Divide(units, order, settings.CanonicalNodes);
        _epochGenerator = new NumpyGenerator(settings.EpochSeed);
    }

    /// <inheritdoc/>
    protected override NodeStart PassNode(int node)
    {
        _epochGenerator.Shuffle(_spans.GetMutable(node));
        var column = 0L;
        var spans = _spans[node];
        var start = new NodeStart(0, 0, _epochGenerator);
        for (var i = 0; i < spans.Length; i++)
        {
            if (column <= Settings.Window.FirstColumn)
            {
                start = new NodeStart(i, column, _epochGenerator);
            }

            _epochGenerator.SkipShuffle(spans[i].Length);
            column += spans[i].Length;
        }

        return start;
    }

    /// <inheritdoc/>
    protected override NodeReader OpenNode(int node, NodeStart start) => new Reader(this, node, start);

    /// <summary>Where reading a node begins.</summary>
    internal readonly record struct NodeStart(int Span, long Column, NumpyGenerator Generator);

    private sealed class Reader : NodeReader
    {
        private readonly Py2SOrder _order;
        private readonly int _node;
        private int _span;
        private NumpyGenerator _generator;
        private long[] _shard = [];

        public Reader(Py2SOrder order, int node, NodeStart start)
            : base(order.Settings.Window.Lookback)
        {
            _order = order;
            _node = node;
            _span = start.Span;
            _generator = start.Generator;
            StartAt(start.Column);
        }

        protected override int ReadChunk(ref long[] chunk)
        {
            var spans = _order._spans[_node];
            while (_span < spans.Length)
            {
                var span = spans[_span++];
                if (span.Length > 0)
                {
                    var units = _order.Units;
                    var unitStart = units.GetStart(span.Unit);
                    var shard = Reserve(ref _shard, units.GetLength(span.Unit));
                    units.Read(unitStart, span.Unit, shard);
                    var runGenerator = _order._runGenerators[span.Unit];
                    runGenerator.Shuffle(shard);
                    var samples = Reserve(ref chunk, span.Length);
                    shard.Slice((int)(span.Start - unitStart), span.Length).CopyTo(samples);
                    _generator.Shuffle(samples);
                    return span.Length;
                }
            }

            return 0;
        }
    }
}
