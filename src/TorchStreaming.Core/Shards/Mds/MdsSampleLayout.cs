// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Where columns are in an MDS sample: first the sizes of the columns of variable size, then all values, both in column
/// order.</summary>
internal sealed class MdsSampleLayout
{
    private readonly int[] _sizes;
    private readonly int _headLength;
    private readonly FieldRange[]? _fixed;
    private readonly long _fixedLength;

    public MdsSampleLayout(ShardSchema schema)
    {
        _sizes = [.. schema.Columns.Select(static column => column.Size ?? -1)];
        _headLength = checked(sizeof(uint) * _sizes.Count(static size => size < 0));
        _fixedLength = _sizes.Sum(static size => (long)Math.Max(size, 0));
        if (_headLength == 0 && _fixedLength <= int.MaxValue)
        {
            _fixed = new FieldRange[_sizes.Length];
            var offset = 0;
            for (var i = 0; i < _sizes.Length; i++)
            {
                _fixed[i] = new FieldRange(offset, _sizes[i]);
                offset += _sizes[i];
            }
        }
    }

    /// <summary>Gets the number of columns.</summary>
    public int Count => _sizes.Length;

    /// <summary>Finds the columns of a sample.</summary>
    /// <param name="sample">The whole sample.</param>
    /// <param name="ranges">One range per column.</param>
    /// <returns><see langword="null"/>, or what is wrong with the sample.</returns>
    public string? Locate(ReadOnlySpan<byte> sample, Span<FieldRange> ranges)
    {
        if (_fixed is { } ready)
        {
            ready.CopyTo(ranges);
            return sample.Length == _fixedLength ? null : DescribeLength(sample.Length, _fixedLength);
        }

        if (sample.Length < _headLength)
        {
            return DescribeLength(sample.Length, _headLength + _fixedLength);
        }

        // Sums of 32-bit sizes over an array's worth of columns fit 64 bits, so the end is compared once.
        var head = 0;
        long offset = _headLength;
        for (var i = 0; i < _sizes.Length; i++)
        {
            long size = _sizes[i];
            if (size < 0)
            {
                size = BinaryPrimitives.ReadUInt32LittleEndian(sample[head..]);
                head += sizeof(uint);
            }

            if (size > sample.Length - offset)
            {
                return $"column {i} is said to end at byte {offset + size} of a sample of {sample.Length} bytes. The shard is damaged.";
            }

            ranges[i] = new FieldRange((int)offset, (int)size);
            offset += size;
        }

        return offset == sample.Length ? null : DescribeLength(sample.Length, offset);
    }

    private static string DescribeLength(int actual, long expected) =>
        $"the sample has {actual} bytes but its columns have {expected}. The shard is damaged or the index belongs to another upload.";
}
