// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Spans in shuffled order, the samples of each shuffled, and then every sample shifted by a random distance; the order is that of
/// the shifted positions. Needs memory for the spans, and for about five eighths of a block of samples per canonical node that is
/// read.</summary>
/// <remarks>A node's shuffles are all drawn before its shifts. So a first pass makes only the draws, and a second runs two generators side
/// by side and releases samples as soon as no later span can shift one before them. Equal positions keep the order in which they was,
/// where upstream's order of equals depends on the version of NumPy and on the processor.</remarks>
internal sealed class Py1EOrder : SequentialOrder<Py1EOrder.NodeStart>
{
    private readonly SpanList _spans;
    private readonly long _shortest;
    private readonly long _longest;
    private readonly long _farthest;
    private NumpyGenerator _generator;

    public Py1EOrder(ShuffleSettings settings, SampleUnits units)
        : base(settings, units)
    {
        _spans = SpanList.Shuffle(units, settings, out _generator);
        (_shortest, _longest) = GetBlockRange(settings.BlockSize);
        _farthest = (_longest / 2) + 1;
    }

    /// <inheritdoc/>
    protected override NodeStart PassNode(int node)
    {
        // Samples before the first bucket are counted and dropped; however they are shifted, there are fewer of them than columns to skip.
        var window = Settings.Window;
        var firstBucket = Math.Max(window.FirstColumn - window.Lookback - _farthest - 1, 0) / ShiftWindow.BucketWidth;
        var beyondReach = (firstBucket * ShiftWindow.BucketWidth) - _farthest;
        var spans = _spans[node];
        var (first, column) = (0, 0L);
        while (first < spans.Length && column + spans[first].Length < beyondReach)
        {
            column += spans[first++].Length;
        }

        var shuffles = SkipShuffles(spans, first);
        var shifts = SkipShifts(spans, first);
        return new NodeStart(firstBucket, first, column, shuffles, shifts);
    }

    /// <inheritdoc/>
    protected override NodeReader OpenNode(int node, NodeStart start) => new Reader(this, node, start);

    private NumpyGenerator SkipShuffles(ReadOnlySpan<SampleSpan> spans, int keepAt)
    {
        var kept = _generator;
        for (var i = 0; i < spans.Length; i++)
        {
            if (i == keepAt)
            {
                kept = _generator;
            }

            _generator.SkipShuffle(spans[i].Length);
        }

        return kept;
    }

    private NumpyGenerator SkipShifts(ReadOnlySpan<SampleSpan> spans, int keepAt)
    {
        var kept = _generator;
        for (var i = 0; i < spans.Length; i++)
        {
            if (i == keepAt)
            {
                kept = _generator;
            }

            _generator.Integer(_shortest, _longest);
            _generator.SkipUniform(spans[i].Length);
        }

        return kept;
    }

    /// <summary>Where reading a node begins: the first bucket of positions to give out, the first span that can reach it, and both
    /// generators there.</summary>
    internal readonly record struct NodeStart(long Bucket, int Span, long Column, NumpyGenerator Shuffles, NumpyGenerator Shifts);

    private sealed class Reader : NodeReader
    {
        private readonly Py1EOrder _order;
        private readonly int _node;
        private readonly long _nodeLength;
        private readonly ShiftWindow _window;
        private NumpyGenerator _shuffles;
        private NumpyGenerator _shifts;
        private int _span;
        private long _column;
        private long[] _samples = [];

        public Reader(Py1EOrder order, int node, NodeStart start)
            : base(order.Settings.Window.Lookback)
        {
            _order = order;
            _node = node;
            _nodeLength = order.GetNodeLength(node);
            _window = new ShiftWindow(start.Bucket);
            _shuffles = start.Shuffles;
            _shifts = start.Shifts;
            _span = start.Span;
            _column = start.Column;
            // Only when every span that reaches before the first bucket is loaded is it known how many samples are before it.
            LoadSpansThatReach(start.Bucket);
            StartAt(start.Column + _window.DroppedCount);
        }

        protected override int ReadChunk(ref long[] chunk)
        {
            while (_window.Count > 0 || _span < _order._spans[_node].Length)
            {
                LoadSpansThatReach(_window.FirstBucket + 1);
                var length = _window.Release(ref chunk);
                if (length > 0)
                {
                    return length;
                }
            }

            return 0;
        }

        private void LoadSpansThatReach(long bucket)
        {
            var spans = _order._spans[_node];
            while (_span < spans.Length && _column - _order._farthest < bucket * ShiftWindow.BucketWidth)
            {
                Load(spans[_span++]);
            }
        }

        private void Load(SampleSpan span)
        {
            var samples = Reserve(ref _samples, span.Length);
            _order.Units.Read(span.Start, span.Unit, samples);
            _shuffles.Shuffle(samples);
            var reach = Math.Max((_shifts.Integer(_order._shortest, _order._longest) - span.Length) / 2.0, 0.0);
            var low = Math.Max(-reach, (double)-_column);
            var high = Math.Min(reach, (double)(_nodeLength - _column - span.Length));
            _window.Add(samples, _column, low, high - low, ref _shifts);
            _column += span.Length;
        }
    }
}
