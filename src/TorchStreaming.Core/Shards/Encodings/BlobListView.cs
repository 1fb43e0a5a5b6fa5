// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>A list of runs of bytes, for example JPEG files, as it is in memory. Nothing is copied; the view lives as long as its
/// memory.</summary>
internal readonly ref struct BlobListView
{
    private readonly ReadOnlySpan<byte> _lengths;
    private readonly ReadOnlySpan<byte> _blobs;

    /// <summary>Creates a view of parts that are known to fit each other.</summary>
    internal BlobListView(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> blobs)
    {
        _lengths = lengths;
        _blobs = blobs;
    }

    /// <summary>Gets the number of elements.</summary>
    public int Count => _lengths.Length / sizeof(uint);

    internal ReadOnlySpan<byte> Lengths => _lengths;

    internal ReadOnlySpan<byte> Blobs => _blobs;

    /// <summary>Walks the elements in order.</summary>
    /// <returns>The walk.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Copies the elements.</summary>
    /// <returns>The copies.</returns>
    public byte[][] ToArrays()
    {
        var arrays = new byte[Count][];
        var i = 0;
        foreach (var blob in this)
        {
            arrays[i++] = blob.ToArray();
        }

        return arrays;
    }

    /// <summary>Reads the lengths and checks that they fill the bytes.</summary>
    /// <param name="bytes">The lengths and then the elements.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="list">The list.</param>
    /// <returns>Whether the lengths fit.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, long count, out BlobListView list)
    {
        list = default;
        if (count > bytes.Length / sizeof(uint))
        {
            return false;
        }

        var lengths = bytes[..((int)count * sizeof(uint))];
        var blobs = bytes[lengths.Length..];
        var total = 0L;
        for (var i = 0; i < lengths.Length; i += sizeof(uint))
        {
            total += BinaryPrimitives.ReadUInt32LittleEndian(lengths[i..]);
        }

        list = new BlobListView(lengths, blobs);
        return total == blobs.Length;
    }

    /// <summary>Walks the elements of a list in order.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _lengths;
        private readonly ReadOnlySpan<byte> _blobs;
        private int _next;
        private int _offset;
        private int _length;

        internal Enumerator(BlobListView list)
        {
            _lengths = list._lengths;
            _blobs = list._blobs;
        }

        /// <summary>Gets the element.</summary>
        public readonly ReadOnlySpan<byte> Current => _blobs.Slice(_offset, _length);

        /// <summary>Goes to the next element.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            if (_next >= _lengths.Length)
            {
                return false;
            }

            _offset += _length;
            _length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_lengths[_next..]);
            _next += sizeof(uint);
            return true;
        }
    }
}
