// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Samples in the order of their positions. Needs no memory but for a chunk.</summary>
internal sealed class UnshuffledOrder : NodewiseOrder
{
    public UnshuffledOrder(ShuffleSettings settings, SampleUnits units)
        : base(settings, units)
    {
    }

    /// <inheritdoc/>
    protected override NodeReader OpenNode(int node)
    {
        var (start, end) = (GetNodeStart(node), GetNodeStart(node + 1));
        return new Reader(Units, Math.Min(start + Settings.Window.FirstColumn, end), start, end, Settings.Window);
    }

    private sealed class Reader : NodeReader
    {
        private const int ChunkLength = 1024;
        private readonly SampleUnits _units;
        private readonly long _end;
        private long _position;

        public Reader(SampleUnits units, long position, long nodeStart, long nodeEnd, ReadWindow window)
            : base(window.Lookback)
        {
            _units = units;
            _position = position;
            _end = nodeEnd;
            StartAt(position - nodeStart);
        }

        protected override int ReadChunk(ref long[] chunk)
        {
            if (_position >= _end)
            {
                return 0;
            }

            var unit = _units.Find(_position);
            var length = (int)(Math.Min(_units.GetStart(unit + 1), _end) - _position);
            if (!_units.IsPartial(unit))
            {
                length = Math.Min(length, ChunkLength);
            }

            _units.Read(_position, unit, Reserve(ref chunk, length));
            _position += length;
            return length;
        }
    }
}
