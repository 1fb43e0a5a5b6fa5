// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>The samples of one shard while it is filled, in chunks that are kept for the next shard. Each sample is in one
/// piece.</summary>
/// <remarks>Encoders write the growing sample through <see cref="IBufferWriter{T}"/> at its final place, so a value is copied once. Not
/// thread-safe; handed from the writer to the publisher as a whole.</remarks>
internal sealed class ShardBuffer : IBufferWriter<byte>
{
    private const int FirstChunkLength = 1 << 16;
    private const int MaxChunkLength = 1 << 22;

    private readonly List<byte[]> _chunks = [];
    private readonly List<int> _used = [];
    private uint[] _ends = new uint[64];
    private byte[] _chunk = [];
    private int _current = -1;
    private int _sampleStart;
    private int _position;

    /// <summary>Gets the number of samples.</summary>
    public int SampleCount { get; private set; }

    /// <summary>Gets the number of bytes of all samples.</summary>
    public long DataLength { get; private set; }

    /// <summary>Gets the end of each sample, counted from the first sample's start.</summary>
    public ReadOnlySpan<uint> Ends => _ends.AsSpan(0, SampleCount);

    /// <summary>Gets the number of bytes of the growing sample.</summary>
    public int SampleLength => _position - _sampleStart;

    /// <summary>Gets the growing sample.</summary>
    public Span<byte> Sample => _chunk.AsSpan(_sampleStart, SampleLength);

    /// <summary>Gets the runs of memory that hold the samples, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Segments
    {
        get
        {
            for (var i = 0; i <= _current; i++)
            {
                var length = i == _current ? _sampleStart : _used[i];
                if (length > 0)
                {
                    yield return _chunks[i].AsMemory(0, length);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _chunk.Length - _position);
        _position += count;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _chunk.AsSpan(_position);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _chunk.AsMemory(_position);
    }

    /// <summary>Drops the end of the growing sample.</summary>
    /// <param name="length">How many of its bytes stay.</param>
    public void TruncateSample(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, SampleLength);
        _position = _sampleStart + length;
    }

    /// <summary>Makes the growing sample the shard's next sample. The caller has seen to it that all samples stay below 4 GiB.</summary>
    public void CommitSample()
    {
        DataLength += SampleLength;
        if (SampleCount == _ends.Length)
        {
            Array.Resize(ref _ends, checked(_ends.Length * 2));
        }

        _ends[SampleCount++] = checked((uint)DataLength);
        _sampleStart = _position;
    }

    /// <summary>Moves the growing sample into another shard.</summary>
    /// <param name="other">The other shard, with no growing sample.</param>
    public void MoveSampleTo(ShardBuffer other)
    {
        other.Write(Sample);
        TruncateSample(0);
    }

    /// <summary>Forgets all samples and keeps the memory, except for chunks that a giant sample needed.</summary>
    public void Reset()
    {
        _chunks.RemoveAll(static chunk => chunk.Length > MaxChunkLength);
        _used.Clear();
        _used.AddRange(Enumerable.Repeat(0, _chunks.Count));
        SampleCount = 0;
        DataLength = 0;
        _chunk = [];
        (_current, _sampleStart, _position) = (-1, 0, 0);
    }

    private void EnsureRoom(int sizeHint)
    {
        if (_chunk.Length - _position < Math.Max(sizeHint, 1))
        {
            Grow(Math.Max(sizeHint, 1));
        }
    }

    /// <summary>Moves the growing sample to the start of a chunk that has room for it and for more.</summary>
    private void Grow(int sizeHint)
    {
        var sample = Sample;
        var needed = checked(sample.Length + sizeHint);
        if (_current >= 0)
        {
            _used[_current] = _sampleStart;
        }

        var next = _current + 1;
        if (next == _chunks.Count || _chunks[next].Length < needed)
        {
            // A sample that has outgrown a chunk will grow on, so it gets twice its room.
            var doubled = (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * sample.Length));
            var length = Math.Max(doubled, Math.Min(MaxChunkLength, FirstChunkLength << Math.Min(next, 6)));
            _chunks.Insert(next, GC.AllocateUninitializedArray<byte>(length));
            _used.Insert(next, 0);
        }

        sample.CopyTo(_chunks[next]);
        _position = sample.Length;
        _sampleStart = 0;
        _chunk = _chunks[next];
        _current = next;
    }
}
