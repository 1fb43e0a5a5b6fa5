// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Reads an MDS shard through a memory map: count, offsets, configuration (passed over), samples.</summary>
/// <remarks>Opening checks the count and both ends of the offset table; each read checks the two offsets that it uses, so opening costs the
/// same for every shard and no damage can lead outside the file.</remarks>
internal sealed class MdsShardReader : ShardReader
{
    private readonly MappedFile _file;
    private readonly MdsSampleLayout _layout;
    private readonly long _dataStart;

    private MdsShardReader(ShardInfo info, string location, MappedFile file, long dataStart)
        : base(info, location)
    {
        _file = file;
        _dataStart = dataStart;
        _layout = new MdsSampleLayout(info.Schema);
    }

    public static MdsShardReader Open(ShardInfo info, string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return new MdsShardReader(info, path, file, CheckTable(info, path, file));
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
        var pair = _file.Slice(sizeof(uint) * (index + 1L), 2 * sizeof(uint));
        long begin = BinaryPrimitives.ReadUInt32LittleEndian(pair);
        long end = BinaryPrimitives.ReadUInt32LittleEndian(pair[sizeof(uint)..]);
        if (begin < _dataStart || end < begin || end > _file.Length || end - begin > int.MaxValue)
        {
            ThrowBadOffsets(index, begin, end);
        }

        return _file.Slice(begin, (int)(end - begin));
    }

    /// <inheritdoc/>
    public override SampleFields GetSample(int index, Span<FieldRange> ranges)
    {
        var sample = GetSampleBytes(index);
        var fields = ranges[.._layout.Count];
        var problem = _layout.Locate(sample, fields);
        return problem is null ? new SampleFields(Schema, sample, fields) : throw new ShardFormatException(new ShardLocation(Location, Sample: index), problem);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    /// <summary>Checks the count and both ends of the offset table and returns where samples may begin.</summary>
    private static long CheckTable(ShardInfo info, string path, MappedFile file)
    {
        var promised = info.Files[0].Raw.Bytes;
        if (file.Length != promised)
        {
            throw new ShardIntegrityException(
                new ShardLocation(path), "size", promised.ToString(System.Globalization.CultureInfo.InvariantCulture), file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        // The count, count + 1 offsets; the configuration follows and the index says what is in it.
        var tableEnd = sizeof(uint) * (info.SampleCount + 2L);
        if (file.Length < tableEnd)
        {
            throw new ShardFormatException(
                new ShardLocation(path), $"it has {file.Length} bytes, too few for the offsets of {info.SampleCount} samples. It is truncated.");
        }

        long count = BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(0, sizeof(uint)));
        if (count != info.SampleCount)
        {
            throw new ShardFormatException(
                new ShardLocation(path, 0), $"it says that it has {count} samples but the index says {info.SampleCount}. The index belongs to another upload.");
        }

        long first = BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(sizeof(uint), sizeof(uint)));
        long last = BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(tableEnd - sizeof(uint), sizeof(uint)));
        if (first < tableEnd || last != file.Length)
        {
            throw new ShardFormatException(
                new ShardLocation(path, sizeof(uint)),
                $"its samples are said to lie from {first} to {last}, but the offsets end at {tableEnd} and the file at {file.Length}.");
        }

        return first;
    }

    private void ThrowBadOffsets(int index, long begin, long end) => throw new ShardFormatException(
        new ShardLocation(Location, sizeof(uint) * (index + 1L), index),
        $"the sample is said to lie from {begin} to {end}, but samples lie from {_dataStart} to {_file.Length}. The shard is damaged.");
}
