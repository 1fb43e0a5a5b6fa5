// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>The sizes of one shard's samples, as they are in a legacy index: all equal, or numbers of 1, 2, 4 or 8 bytes.</summary>
/// <remarks>The legacy reader took the narrow numbers for signed; they are unsigned, which is right for every file that its writer
/// made.</remarks>
internal sealed class LegacySampleSizes
{
    private readonly ReadOnlyMemory<byte> _sizes;
    private readonly int _width;
    private readonly long _uniform;

    private LegacySampleSizes(ReadOnlyMemory<byte> sizes, int width, long uniform)
    {
        _sizes = sizes;
        _width = width;
        _uniform = uniform;
    }

    /// <summary>Gets the common size, or <see langword="null"/> when sizes differ.</summary>
    public long? Uniform => _width == 0 ? _uniform : null;

    /// <summary>Makes the sizes of samples that are all equal.</summary>
    public static LegacySampleSizes OfEqual(long size) => new(default, 0, size);

    /// <summary>Makes the sizes of samples that differ.</summary>
    /// <param name="sizes">The part of the index about these samples.</param>
    /// <param name="width">The bytes per number: 1, 2, 4 or 8.</param>
    public static LegacySampleSizes OfDifferent(ReadOnlyMemory<byte> sizes, int width) => new(sizes, width, 0);

    /// <summary>Gets the size of a sample of the shard.</summary>
    public ulong this[int index]
    {
        get
        {
            var sizes = _sizes.Span;
            return _width switch
            {
                0 => (ulong)_uniform,
                1 => sizes[index],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(sizes[(2 * index)..]),
                4 => BinaryPrimitives.ReadUInt32LittleEndian(sizes[(4 * index)..]),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(sizes[(8 * index)..]),
            };
        }
    }
}
