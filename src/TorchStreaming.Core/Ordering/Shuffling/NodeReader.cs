// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Reads the shuffled samples of one canonical node, forwards and a few steps back. Not thread-safe.</summary>
/// <remarks>Places within a node are called columns. The subclass makes one chunk of samples after another; a tail of what has gone is
/// kept.</remarks>
internal abstract class NodeReader
{
    private readonly long[] _tail;
    private int _tailLength;
    private long[] _chunk = [];
    private int _chunkLength;
    private long _chunkStart;

    /// <summary>Creates a reader that keeps so many samples behind.</summary>
    protected NodeReader(int lookback)
    {
        _tail = new long[lookback];
    }

    /// <summary>Gets the sample id at a column.</summary>
    public long Read(long column)
    {
        while (column >= _chunkStart + _chunkLength)
        {
            Advance(column);
        }

        if (column >= _chunkStart)
        {
            return _chunk[column - _chunkStart];
        }

        var behind = _chunkStart - column;
        return behind <= _tailLength
            ? _tail[_tailLength - behind]
            : throw new InvalidOperationException($"Column {column} is {behind} before the chunk at {_chunkStart}; only {_tailLength} "
                + "are kept.");
    }

    /// <summary>Says at which column the first chunk begins.</summary>
    protected void StartAt(long column) => _chunkStart = column;

    /// <summary>Makes the next chunk.</summary>
    /// <param name="chunk">A buffer to fill, or to replace by a larger one.</param>
    /// <returns>The length of the chunk; 0 at the end of the node.</returns>
    protected abstract int ReadChunk(ref long[] chunk);

    /// <summary>Makes sure that a buffer is long enough; what it holds is lost.</summary>
    public static Span<long> Reserve(ref long[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new long[Math.Max(length, Math.Min(2L * buffer.Length, Array.MaxLength))];
        }

        return buffer.AsSpan(0, length);
    }

    private void Advance(long column)
    {
        var keep = Math.Min(_chunkLength, _tail.Length);
        var stay = Math.Min(_tailLength, _tail.Length - keep);
        _tail.AsSpan(_tailLength - stay, stay).CopyTo(_tail);
        _chunk.AsSpan(_chunkLength - keep, keep).CopyTo(_tail.AsSpan(stay));
        _tailLength = stay + keep;
        _chunkStart += _chunkLength;
        _chunkLength = ReadChunk(ref _chunk);
        if (_chunkLength == 0)
        {
            throw new InvalidOperationException($"Column {column} is beyond the node's {_chunkStart} samples.");
        }
    }
}
