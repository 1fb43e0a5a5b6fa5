// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Which file of a tar's sample a column becomes, and with what content.</summary>
internal sealed class TarColumns
{
    private TarColumns(int keyColumn, ImmutableArray<(int Column, string Field, FieldEncoding? Decoder)> columns)
    {
        KeyColumn = keyColumn;
        Columns = columns;
        Schema = new ShardSchema(
            ShardFormats.Tar,
            [new(TarOptions.KeyColumn, "str", null), .. columns.Select(static column => new ShardColumn(column.Field, "bytes", null))]);
    }

    /// <summary>Gets the columns of the tars: the key and the fields.</summary>
    public ShardSchema Schema { get; }

    /// <summary>Gets the place of the column that holds the key, or -1.</summary>
    public int KeyColumn { get; }

    /// <summary>Gets the columns: their place, the field, and what makes a value of the bytes whose text is written;
    /// <see langword="null"/> where the bytes themselves are.</summary>
    public ImmutableArray<(int Column, string Field, FieldEncoding? Decoder)> Columns { get; }

    /// <summary>Gets the fields.</summary>
    public IEnumerable<string> Fields => Columns.Select(static column => column.Field);

    /// <summary>Finds out what columns become.</summary>
    /// <param name="source">The columns.</param>
    /// <param name="fields">The fields by column that are chosen.</param>
    /// <param name="keyColumn">The column that the key stands for.</param>
    /// <exception cref="NotSupportedException">A column's values are nothing that other programs find in tars.</exception>
    /// <exception cref="ArgumentException">A field is chosen for a column that is not there.</exception>
    public static TarColumns Map(
        ShardSchema source, ImmutableDictionary<string, string> fields, string keyColumn = TarOptions.KeyColumn)
    {
        if (fields.Keys.FirstOrDefault(name => source.IndexOf(name) < 0) is { } unknown)
        {
            throw new ArgumentException(
                $"There is no column '{unknown}'. There are {string.Join(", ", source.Columns.Select(static column => column.Name))}.",
                nameof(fields));
        }

        var key = source.IndexOf(keyColumn);
        var columns = source.Columns
            .Select((column, i) => (Column: i, Field: FieldOf(column, fields), Decoder: DecoderOf(source, i)))
            .Where(column => column.Column != key)
            .ToImmutableArray();
        return new TarColumns(key, columns);
    }

    /// <summary>Gets the text of an encoded value.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such value.</exception>
    public static string Render(ReadOnlySpan<byte> value, FieldEncoding decoder) =>
        Convert.ToString(decoder.ReadObject(value), CultureInfo.InvariantCulture) ?? "";

    private static string FieldOf(ShardColumn column, ImmutableDictionary<string, string> fields)
    {
        if (fields.TryGetValue(column.Name, out var chosen))
        {
            return chosen;
        }

        var name = column.Name.ToLowerInvariant();
        var ending = column.Encoding switch
        {
            "bytes" => "",
            "jpeg" => "jpg",
            "png" or "json" => column.Encoding,
            "int" or "str_int" => "cls",
            _ when column.Encoding.StartsWith("int", StringComparison.Ordinal) || column.Encoding.StartsWith("uint", StringComparison.Ordinal) =>
                "cls",
            _ => "txt",
        };
        return ending.Length == 0 || name == ending || name.EndsWith($".{ending}", StringComparison.Ordinal) ? name : $"{name}.{ending}";
    }

    private static FieldEncoding? DecoderOf(ShardSchema source, int column)
    {
        var encoding = FieldEncodings.ForColumn(source, column);
        var isBinary = ShardFormats.IsBinary(source.Format);
        return encoding.Name switch
        {
            "bytes" or "jpeg" or "png" or "str" or "json" or "str_int" or "str_float" or "str_decimal" when isBinary => null,
            "int" or "uint8" or "uint16" or "uint32" or "uint64" or "int8" or "int16" or "int32" or "int64" => encoding,
            "float16" or "float32" or "float64" => encoding,
            _ when !isBinary => encoding,
            _ => throw Impossible(source, column),
        };
    }

    private static NotSupportedException Impossible(ShardSchema source, int column) => new(
        $"The column '{source.Columns[column].Name}' has the encoding '{source.Columns[column].Encoding}', which no other program reads from a "
        + "tar. Files, text, JSON and numbers can be written.");
}
