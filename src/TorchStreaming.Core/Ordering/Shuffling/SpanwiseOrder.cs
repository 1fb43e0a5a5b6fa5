// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>An order in which the spans of a canonical node follow each other whole, each shuffled by itself.</summary>
internal abstract class SpanwiseOrder : SequentialOrder<SpanwiseOrder.NodeStart>
{
    private readonly SpanList _spans;
    private NumpyGenerator _generator;

    /// <summary>Creates the order.</summary>
    /// <param name="settings">How to shuffle.</param>
    /// <param name="units">The shards.</param>
    /// <param name="spans">The spans of each canonical node.</param>
    /// <param name="generator">The generator of the epoch, where the first node's draws begin.</param>
    protected SpanwiseOrder(ShuffleSettings settings, SampleUnits units, SpanList spans, NumpyGenerator generator)
        : base(settings, units)
    {
        _spans = spans;
        _generator = generator;
    }

    /// <inheritdoc/>
    protected sealed override NodeStart PassNode(int node)
    {
        ShuffleSpans(_spans.GetMutable(node), ref _generator);
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
    protected sealed override NodeReader OpenNode(int node, NodeStart start) => new Reader(this, node, start);

    /// <summary>Shuffles the spans of a node, where they are not in their final order yet.</summary>
    protected virtual void ShuffleSpans(Span<SampleSpan> spans, ref NumpyGenerator generator)
    {
    }

    /// <summary>Reads the samples of a span as they are before the epoch's shuffle of them.</summary>
    /// <param name="span">The span.</param>
    /// <param name="samples">Receives the samples.</param>
    /// <param name="scratch">Memory of the reader, kept from span to span.</param>
    protected abstract void ReadSpan(SampleSpan span, Span<long> samples, ref long[] scratch);

    /// <summary>Where reading a node begins.</summary>
    internal readonly record struct NodeStart(int Span, long Column, NumpyGenerator Generator);

    private sealed class Reader : NodeReader
    {
        private readonly SpanwiseOrder _order;
        private readonly int _node;
        private int _span;
        private NumpyGenerator _generator;
        private long[] _scratch = [];

        public Reader(SpanwiseOrder order, int node, NodeStart start)
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
                    _order.ReadSpan(span, samples, ref _scratch);
                    _generator.Shuffle(samples);
                    return span.Length;
                }
            }

            return 0;
        }
    }
}
