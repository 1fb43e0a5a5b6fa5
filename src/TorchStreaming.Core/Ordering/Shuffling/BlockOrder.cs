// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Spans in shuffled order, their samples shuffled within blocks: of one length (<c>py1b</c>), or staggered and of random lengths
/// (<c>py1br</c>). Needs memory for the spans, and for about one block of samples per canonical node that is read.</summary>
internal sealed class BlockOrder : SequentialOrder<BlockOrder.NodeStart>
{
    private readonly SpanList _spans;
    private readonly long[] _staggers;
    private readonly long _shortest;
    private readonly long _longest;
    private NumpyGenerator _generator;

    public BlockOrder(ShuffleSettings settings, SampleUnits units, bool isStaggered)
        : base(settings, units)
    {
        _spans = SpanList.Shuffle(units, settings, out _generator);
        _staggers = new long[settings.CanonicalNodes];
        (_shortest, _longest) = isStaggered ? GetBlockRange(settings.BlockSize) : (settings.BlockSize, settings.BlockSize + 1);
        if (isStaggered)
        {
            for (var node = 0; node < _staggers.Length; node++)
            {
                _staggers[node] = _generator.Integer(0, _shortest);
            }
        }
    }

    /// <inheritdoc/>
    protected override NodeStart PassNode(int node)
    {
        var first = new BlockBounds(GetNodeLength(node), _staggers[node], _shortest, _longest, _generator);
        var bounds = first;
        while (bounds.TryNext(out _, out _))
        {
            // All lengths are drawn before the first block is shuffled.
        }

        _generator = bounds.Generator;
        bounds = first;
        var result = new NodeStart(first, _generator, 0);
        var reached = 0L;
        for (var before = bounds; bounds.TryNext(out var start, out var stop); before = bounds)
        {
            if (start >= reached && start <= Settings.Window.FirstColumn)
            {
                // No earlier block reaches into this one, so reading can begin with it.
                result = new NodeStart(before, _generator, start);
            }

            reached = Math.Max(reached, stop);
            _generator.SkipShuffle(stop - start);
        }

        return result;
    }

    /// <inheritdoc/>
    protected override NodeReader OpenNode(int node, NodeStart start) => new Reader(this, node, start);

    /// <summary>Where reading a node begins.</summary>
    internal readonly record struct NodeStart(BlockBounds Bounds, NumpyGenerator Generator, long Column);

    private sealed class Reader : NodeReader
    {
        private const int PieceLength = 1 << 14;
        private readonly BlockOrder _order;
        private readonly int _node;
        private readonly long _nodeLength;
        private BlockBounds _bounds;
        private NumpyGenerator _generator;
        private long _blockStart;
        private long _blockStop;
        private bool _hasBlock;
        private long[] _window = [];
        private long _windowStart;
        private long _windowEnd;
        private long _released;
        private int _span;
        private int _takenOfSpan;

        public Reader(BlockOrder order, int node, NodeStart start)
            : base(order.Settings.Window.Lookback)
        {
            _order = order;
            _node = node;
            _nodeLength = order.GetNodeLength(node);
            _bounds = start.Bounds;
            _generator = start.Generator;
            _windowStart = _windowEnd = _released = start.Column;
            _hasBlock = _bounds.TryNext(out _blockStart, out _blockStop);
            SkipSpans(start.Column);
            StartAt(start.Column);
        }

        protected override int ReadChunk(ref long[] chunk)
        {
            while (_hasBlock && _blockStart <= _released)
            {
                LoadUntil(_blockStop);
                _generator.Shuffle(_window.AsSpan((int)(_blockStart - _windowStart), (int)(_blockStop - _blockStart)));
                _hasBlock = _bounds.TryNext(out _blockStart, out _blockStop);
            }

            var final = _hasBlock ? _blockStart : _nodeLength;
            var length = (int)Math.Min(final - _released, PieceLength);
            LoadUntil(_released + length);
            _window.AsSpan((int)(_released - _windowStart), length).CopyTo(Reserve(ref chunk, length));
            _released += length;
            return length;
        }

        private void SkipSpans(long column)
        {
            var spans = _order._spans[_node];
            while (_span < spans.Length && spans[_span].Length <= column)
            {
                column -= spans[_span++].Length;
            }

            _takenOfSpan = (int)column;
        }

        private void LoadUntil(long column)
        {
            if (column <= _windowEnd)
            {
                return;
            }

            MakeRoom((int)(column - _released));
            var spans = _order._spans[_node];
            while (_windowEnd < column)
            {
                var span = spans[_span];
                var count = (int)Math.Min(span.Length - _takenOfSpan, column - _windowEnd);
                _order.Units.Read(span.Start + _takenOfSpan, span.Unit, _window.AsSpan((int)(_windowEnd - _windowStart), count));
                _windowEnd += count;
                _takenOfSpan += count;
                if (_takenOfSpan == span.Length)
                {
                    _span++;
                    _takenOfSpan = 0;
                }
            }
        }

        private void MakeRoom(int length)
        {
            var kept = _window.AsSpan((int)(_released - _windowStart), (int)(_windowEnd - _released));
            if (_window.Length < length)
            {
                var larger = new long[length];
                kept.CopyTo(larger);
                _window = larger;
            }
            else
            {
                kept.CopyTo(_window);
            }

            _windowStart = _released;
        }
    }
}
