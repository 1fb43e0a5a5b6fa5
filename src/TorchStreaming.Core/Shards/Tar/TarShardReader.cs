// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Reads the samples of a mapped tar by its table. A sample's bytes run from its first field, or the key in the header before it,
/// to
/// the end of its last, with whatever is between; fields are ranges of it.</summary>
/// <remarks>Where that is not one piece of at most 2 GiB — a key that the header holds in two parts, members of one sample far from each
/// other — the key and the fields are copied together instead.</remarks>
internal sealed class TarShardReader : ShardReader
{
    private readonly MappedFile _tar;
    private readonly TarTable _table;
    private readonly int[]? _samples;
    private readonly int[] _columns;
    private readonly int _keyColumn;

    private TarShardReader(ShardInfo info, string path, MappedFile tar, TarTable table)
        : base(info, path)
    {
        _tar = tar;
        _table = table;
        _samples = info.TarSamples?.Samples;
        if (table.TarBytes != tar.Length)
        {
            throw new ShardFormatException(
                new ShardLocation(path),
                $"it has {tar.Length} bytes, but its table of samples was made for {table.TarBytes}. Make it again.");
        }

        if ((_samples?.Length ?? table.SampleCount) != info.SampleCount)
        {
            throw new ShardFormatException(
                new ShardLocation(path), $"its table has {table.SampleCount} samples but the index says {info.SampleCount}. Make it again.");
        }

        _columns = [.. info.Schema.Columns.Select(column => table.Columns.IndexOf(column.Name))];
        _keyColumn = info.Schema.IndexOf(TarOptions.KeyColumn);
    }

    public static ShardReader Open(ShardInfo info, IReadOnlyList<string> paths)
    {
        if (info.TarSamples is null && paths.Count == 1)
        {
            return new UnindexedTar(info, paths[0]);
        }

        var tar = MappedFile.Open(paths[^1], info.Files[^1].Raw.Bytes);
        TarTable? table = null;
        try
        {
            table = info.TarSamples is { } source
                ? TarTable.Open(source.Table)
                : TarTable.Open(paths[0], info.Files[0].Raw.Bytes);
            return new TarShardReader(info, paths[^1], tar, table);
        }
        catch
        {
            table?.Dispose();
            tar.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSampleBytes(int index)
    {
        Span<FieldRange> ranges = stackalloc FieldRange[16];
        return Locate(index, _columns.Length <= ranges.Length ? ranges[.._columns.Length] : new FieldRange[_columns.Length]);
    }

    /// <inheritdoc/>
    public override SampleFields GetSample(int index, Span<FieldRange> ranges)
    {
        var fields = ranges[.._columns.Length];
        return new SampleFields(Schema, Locate(index, fields), fields);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _table.Dispose();
        _tar.Dispose();
    }

    private ReadOnlySpan<byte> Locate(int index, scoped Span<FieldRange> ranges)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SampleCount);
        var record = _table.GetRecord(_samples?[index] ?? index);
        var key = _keyColumn < 0 ? [] : _table.GetKey(record);
        var keyOffset = _keyColumn < 0 ? 0 : FindKey(record, key);
        var (begin, end) = keyOffset >= 0 && _keyColumn >= 0 ? (keyOffset, keyOffset + key.Length) : (long.MaxValue, 0);
        foreach (var column in _columns)
        {
            if (ReadField(record, column, index) is { Offset: >= 0 } field)
            {
                begin = Math.Min(begin, field.Offset);
                end = Math.Max(end, field.Offset + field.Length);
            }
        }

        begin = Math.Min(begin, end);
        if (keyOffset < 0 || end - begin > int.MaxValue)
        {
            return Copy(record, key, index, ranges);
        }

        for (var i = 0; i < ranges.Length; i++)
        {
            var field = ReadField(record, _columns[i], index);
            ranges[i] = i == _keyColumn ? new FieldRange((int)(keyOffset - begin), key.Length)
                : field.Offset < 0 ? default
                : new FieldRange((int)(field.Offset - begin), field.Length);
        }

        return _tar.Slice(begin, (int)(end - begin));
    }

    private ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> record, ReadOnlySpan<byte> key, int index, scoped Span<FieldRange> ranges)
    {
        long length = key.Length;
        foreach (var column in _columns)
        {
            length += ReadField(record, column, index).Length;
        }

        if (length > Array.MaxLength)
        {
            throw new ShardFormatException(
                new ShardLocation(Location, Sample: index), $"the sample has {length} bytes, too many to be read.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var at = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            var (offset, size) = ReadField(record, _columns[i], index);
            var value = i == _keyColumn ? key : offset < 0 ? [] : _tar.Slice(offset, size);
            value.CopyTo(bytes.AsSpan(at));
            ranges[i] = new FieldRange(at, value.Length);
            at += value.Length;
        }

        return bytes;
    }

    /// <summary>Finds the key in the tar; -1 when it is not there in one piece.</summary>
    private long FindKey(ReadOnlySpan<byte> record, ReadOnlySpan<byte> key)
    {
        var (offset, _, _) = TarTableLayout.ReadKey(record);
        return offset >= 0 && offset <= _tar.Length - key.Length && _tar.Slice(offset, key.Length).SequenceEqual(key) ? offset : -1;
    }

    private (long Offset, int Length) ReadField(ReadOnlySpan<byte> record, int column, int index)
    {
        if (column < 0)
        {
            return (-1, 0);
        }

        var field = TarTableLayout.ReadField(record, column);
        if (field.Offset < 0)
        {
            return (-1, 0);
        }

        if (field.Length < 0 || field.Offset > _tar.Length - field.Length || (_table.IsForeign && !IsMember(field.Offset, field.Length)))
        {
            throw new ShardFormatException(
                new ShardLocation(Location, field.Offset, index, _table.Columns[column]),
                $"the field's {field.Length} bytes are said to be there, but they do not. The table of samples is damaged, or it was made for "
                + "another tar; make it again with 'torchstreaming index tar'.");
        }

        return field;
    }

    /// <summary>Looks whether a member's header goes before some content. Tables of other programs may be about another tar.</summary>
    private bool IsMember(long offset, int length)
    {
        if (offset < TarHeader.BlockSize)
        {
            return false;
        }

        var header = new TarHeader(_tar.Slice(offset - TarHeader.BlockSize, TarHeader.BlockSize));
        return header.HasValidChecksum() && header.TryGetSize(out var size) && size == length;
    }
}
