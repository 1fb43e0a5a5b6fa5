// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Groups the members of one tar into samples and makes the table that <see cref="TarTable"/> reads.</summary>
/// <remarks>Takes memory for the table alone. Not thread-safe.</remarks>
internal sealed class TarTableBuilder(string location, TarKeyRule rule)
{
    private readonly TarFieldNames _names = new(rule);
    private readonly List<string> _columns = [];
    private readonly List<(long KeyOffset, int KeyStart, int KeyLength, int FirstField)> _samples = [];
    private readonly List<(int Next, int Column, long Offset, int Length)> _fields = [];
    private readonly ArrayBufferWriter<byte> _keys = new();
    private readonly Dictionary<string, int>? _byKey = rule == TarKeyRule.AIStore ? new(StringComparer.Ordinal) : null;

    /// <summary>Gets the number of samples so far.</summary>
    public int SampleCount => _samples.Count;

    /// <summary>Gets the fields so far, in the order in which they came.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Makes the table of a tar on this machine.</summary>
    /// <exception cref="ShardFormatException">The tar is damaged, or its members make no samples.</exception>
    public static byte[] Build(string path, TarKeyRule rule, out TarTableBuilder table)
    {
        table = new TarTableBuilder(path, rule);
        using var reader = new TarFileReader(path);
        while (reader.MoveNext())
        {
            if (reader.Kind == TarMemberKind.File)
            {
                table.Add(reader.Name, reader.NameOffset, reader.ContentOffset, reader.Size);
            }
        }

        return table.ToArray(reader.FileSize);
    }

    /// <summary>Takes the next regular file of the tar.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="nameOffset">Where the name is in the tar, as far as is known; else -1.</param>
    /// <param name="offset">Where its content is.</param>
    /// <param name="size">The size of its content.</param>
    /// <exception cref="ShardFormatException">It does not fit the samples so far.</exception>
    public void Add(ReadOnlySpan<byte> name, long nameOffset, long offset, long size)
    {
        if (!TarKey.TryParse(name, rule, out var parts))
        {
            return;
        }

        var column = FindColumn(name[parts.Field], offset);
        if (size > int.MaxValue)
        {
            throw Fail(offset, $"the member '{Encoding.UTF8.GetString(name)}' has {size} bytes; a field has at most {int.MaxValue}.");
        }

        var sample = FindSample(name[parts.Key], nameOffset < 0 ? -1 : nameOffset + parts.Key.GetOffsetAndLength(name.Length).Offset);
        var last = -1;
        for (var field = _samples[sample].FirstField; field >= 0; field = _fields[field].Next)
        {
            if (_fields[field].Column == column)
            {
                if (rule == TarKeyRule.WebDataset)
                {
                    throw Fail(
                        offset,
                        $"the sample '{Encoding.UTF8.GetString(name[parts.Key])}' has the field '{_columns[column]}' twice. "
                        + "Names that differ in case alone, or a tar written twice over, do this.");
                }

                _fields[field] = (_fields[field].Next, column, offset, (int)size);
                return;
            }

            last = field;
        }

        _fields.Add((-1, column, offset, (int)size));
        if (last >= 0)
        {
            _fields[last] = _fields[last] with { Next = _fields.Count - 1 };
        }
        else
        {
            _samples[sample] = _samples[sample] with { FirstField = _fields.Count - 1 };
        }
    }

    /// <summary>Makes the table.</summary>
    /// <param name="tarBytes">The size of the tar.</param>
    /// <param name="isForeign">Whether the members are known from another program's index, not from the tar.</param>
    public byte[] ToArray(long tarBytes, bool isForeign = false)
    {
        var names = _columns.Select(Encoding.UTF8.GetBytes).ToArray();
        var layout = new TarTableLayout(
            _samples.Count, names.Length, names.Sum(static name => sizeof(ushort) + name.Length), _keys.WrittenCount);
        var table = new byte[layout.Length];
        layout.Write(table, tarBytes, isForeign);
        var at = TarTableLayout.HeaderLength;
        foreach (var name in names)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(at), checked((ushort)name.Length));
            name.CopyTo(table, at + sizeof(ushort));
            at += sizeof(ushort) + name.Length;
        }

        for (var i = 0; i < _samples.Count; i++)
        {
            var sample = _samples[i];
            var record = table.AsSpan((int)layout.RecordOffset(i), layout.RecordLength);
            TarTableLayout.WriteKey(record, sample.KeyOffset, sample.KeyStart, sample.KeyLength);
            for (var column = 0; column < names.Length; column++)
            {
                TarTableLayout.WriteField(record, column, -1, 0);
            }

            for (var field = sample.FirstField; field >= 0; field = _fields[field].Next)
            {
                TarTableLayout.WriteField(record, _fields[field].Column, _fields[field].Offset, _fields[field].Length);
            }
        }

        _keys.WrittenSpan.CopyTo(table.AsSpan((int)layout.KeysOffset));
        return table;
    }

    private int FindColumn(ReadOnlySpan<byte> field, long offset)
    {
        var name = _names.Get(field) ?? throw Fail(
            offset,
            $"its samples have more than {TarFieldNames.Limit} different fields. Are keys and fields split by the right rule ({rule})?");
        if (name == TarOptions.KeyColumn)
        {
            throw Fail(offset, $"a member has the extension '{name}', which stands for the key.");
        }

        var column = _columns.IndexOf(name);
        if (column < 0)
        {
            _columns.Add(name);
            column = _columns.Count - 1;
        }

        return column;
    }

    private int FindSample(ReadOnlySpan<byte> key, long keyOffset)
    {
        if (_byKey is null)
        {
            if (_samples.Count > 0 && key.SequenceEqual(_keys.WrittenSpan.Slice(_samples[^1].KeyStart, _samples[^1].KeyLength)))
            {
                return _samples.Count - 1;
            }
        }
        else if (_byKey.TryGetValue(Encoding.Latin1.GetString(key), out var known))
        {
            return known;
        }
        else
        {
            _byKey.Add(Encoding.Latin1.GetString(key), _samples.Count);
        }

        _samples.Add((keyOffset, _keys.WrittenCount, key.Length, -1));
        _keys.Write(key);
        return _samples.Count - 1;
    }

    private ShardFormatException Fail(long offset, string problem) => new(new ShardLocation(location, offset, _samples.Count), problem);
}
