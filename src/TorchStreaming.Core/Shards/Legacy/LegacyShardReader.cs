// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Reads a shard of Composer's first streaming format: samples end to end, with all structure in the index. A sample is the sizes
/// of its fields, eight bytes each, and the fields.</summary>
internal sealed class LegacyShardReader : ShardReader
{
    private readonly MappedFile _file;
    private readonly long[]? _ends;
    private readonly long _size;

    private LegacyShardReader(ShardInfo info, string path, MappedFile file)
        : base(info, path)
    {
        _file = file;
        var sizes = info.SampleSizes ?? throw new ArgumentException(
            "The shard's information does not come from a legacy index.", nameof(info));
        var total = 0UL;
        if (sizes.Uniform is { } size)
        {
            _size = size;
            total = (ulong)Int128.Min((Int128)size * info.SampleCount, long.MaxValue);
        }
        else
        {
            _ends = new long[info.SampleCount];
            for (var i = 0; i < _ends.Length && total <= long.MaxValue / 2; i++)
            {
                total += Math.Min(sizes[i], long.MaxValue / 2);
                _ends[i] = (long)total;
            }
        }

        if (total != (ulong)file.Length)
        {
            throw new ShardFormatException(
                new ShardLocation(path), $"its samples have {total} bytes by the index, but the file has {file.Length}.");
        }
    }

    public static LegacyShardReader Open(ShardInfo info, string path)
    {
        var file = MappedFile.Open(path, info.Files[0].Raw.Bytes);
        try
        {
            return new LegacyShardReader(info, path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSampleBytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SampleCount);
        var begin = _ends is null ? _size * index : index == 0 ? 0 : _ends[index - 1];
        var length = _ends is null ? _size : _ends[index] - begin;
        return length <= int.MaxValue
            ? _file.Slice(begin, (int)length)
            : throw new ShardFormatException(
                new ShardLocation(Location, begin, index), $"the sample has {length} bytes, too many to be read.");
    }

    /// <inheritdoc/>
    public override SampleFields GetSample(int index, Span<FieldRange> ranges)
    {
        var sample = GetSampleBytes(index);
        var fields = ranges[..Schema.Columns.Length];
        long offset = sizeof(long) * fields.Length;
        for (var i = 0; i < fields.Length; i++)
        {
            var length = offset <= sample.Length ? BinaryPrimitives.ReadInt64LittleEndian(sample[(sizeof(long) * i)..]) : -1;
            if (length < 0 || length > sample.Length - offset)
            {
                ThrowBadField(index, i, length, sample.Length);
            }

            fields[i] = new FieldRange((int)offset, (int)length);
            offset += length;
        }

        return new SampleFields(Schema, sample, fields);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    private void ThrowBadField(int index, int column, long length, int sampleLength) => throw new ShardFormatException(
        new ShardLocation(Location, Sample: index, Column: Schema.Columns[column].Name),
        $"the field is said to have {length} bytes, which does not fit a sample of {sampleLength}. The shard is damaged.");
}
