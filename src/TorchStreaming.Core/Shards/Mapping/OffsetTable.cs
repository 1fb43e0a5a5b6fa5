// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>The table of 32-bit offsets at the start of a mapped file: the count of samples, count + 1 offsets into the data file,
/// something more.</summary>
/// <remarks>Opening checks the count and both ends of the table; each read checks the two offsets that it uses, so opening costs the same
/// for every shard and no damage can lead outside the data. Thread-safe.</remarks>
internal sealed class OffsetTable
{
    private readonly MappedFile _table;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _dataLength;

    /// <summary>Checks a table.</summary>
    /// <param name="table">The file with the table.</param>
    /// <param name="path">That file, for messages.</param>
    /// <param name="count">The number of samples that the index promises.</param>
    /// <param name="dataFloor">The first offset that a sample may have; the table's own end when it is in the data file.</param>
    /// <param name="dataLength">The size of the data file.</param>
    /// <exception cref="ShardFormatException">The table is not what the index promises.</exception>
    public OffsetTable(MappedFile table, string path, int count, long? dataFloor, long dataLength)
    {
        _table = table;
        _path = path;
        _dataLength = dataLength;
        var tableEnd = sizeof(uint) * (count + 2L);
        if (table.Length < tableEnd)
        {
            throw new ShardFormatException(
                new ShardLocation(path), $"it has {table.Length} bytes, too few for the offsets of {count} samples. It is truncated.");
        }

        long found = BinaryPrimitives.ReadUInt32LittleEndian(table.Slice(0, sizeof(uint)));
        if (found != count)
        {
            throw new ShardFormatException(
                new ShardLocation(path, 0),
                $"it says that it has {found} samples but the index says {count}. The index belongs to another upload.");
        }

        _dataStart = BinaryPrimitives.ReadUInt32LittleEndian(table.Slice(sizeof(uint), sizeof(uint)));
        long last = BinaryPrimitives.ReadUInt32LittleEndian(table.Slice(tableEnd - sizeof(uint), sizeof(uint)));
        if (_dataStart < (dataFloor ?? tableEnd) || _dataStart > last || last != dataLength)
        {
            throw new ShardFormatException(
                new ShardLocation(path, sizeof(uint)),
                $"its samples are said to be from {_dataStart} to {last}, which does not fit {dataLength} bytes of data. It is damaged.");
        }
    }

    /// <summary>Gets the first sample's offset.</summary>
    public long DataStart => _dataStart;

    /// <summary>Asks the processor for a sample's offsets.</summary>
    public void Prefetch(int index) => _table.Prefetch(sizeof(uint) * (index + 1L));

    /// <summary>Gets where a sample is said to begin, unchecked.</summary>
    public long PeekStart(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(sizeof(uint) * (index + 1L), sizeof(uint)));

    /// <summary>Gets where a sample is.</summary>
    /// <param name="index">The sample.</param>
    /// <param name="count">The number of samples.</param>
    /// <returns>The offset in the data file and the length.</returns>
    public (long Offset, int Length) GetRange(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        var pair = _table.Slice(sizeof(uint) * (index + 1L), 2 * sizeof(uint));
        long begin = BinaryPrimitives.ReadUInt32LittleEndian(pair);
        long end = BinaryPrimitives.ReadUInt32LittleEndian(pair[sizeof(uint)..]);
        if (begin < _dataStart || end < begin || end > _dataLength || end - begin > int.MaxValue)
        {
            ThrowBadOffsets(index, begin, end);
        }

        return (begin, (int)(end - begin));
    }

    private void ThrowBadOffsets(int index, long begin, long end) => throw new ShardFormatException(
        new ShardLocation(_path, sizeof(uint) * (index + 1L), index),
        $"the sample is said to be from {begin} to {end}, but samples are from {_dataStart} to {_dataLength}. The shard is damaged.");
}
