// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Spans in shuffled order, each shuffled by itself. Needs memory for the spans, and for one shard of samples per canonical node
/// that is read.</summary>
internal sealed class Py1SOrder : SequentialOrder<Py1SOrder.NodeStart>
{
    private readonly SpanList _spans;
    private NumpyGenerator _generator;

    public Py1SOrder(ShuffleSettings settings, EpochUnits units)
        : base(settings, units)
    {
        _spans = SpanList.Shuffle(units, settings, out _generator);
    }

    /// <inheritdoc/>
    protected override NodeStart PassNode(int node)
    {
        var column = 0L;
        var spans = _spans[node];
        var start = new NodeStart(0, 0, _generator);
        for (var i = 0; i < spans.Length; i++)
        {
            if (column <= Settings.Window.FirstColumn)
            {
                start = new NodeStart(i, column, _generator);
            }

            _generator.SkipShuffle(spans[i].Length);
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
        private readonly Py1SOrder _order;
        private readonly int _node;
        private int _span;
        private NumpyGenerator _generator;

        public Reader(Py1SOrder order, int node, NodeStart start)
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
                    var samples = Reserve(ref chunk, span.Length);
                    _order.Units.Read(span.Start, span.Unit, samples);
                    _generator.Shuffle(samples);
                    return span.Length;
                }
            }

            return 0;
        }
    }
}
