// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>The columns of a dataset in another format.</summary>
internal static class ConversionColumns
{
    /// <summary>Gets the columns that all shards have.</summary>
    /// <exception cref="NotSupportedException">Shards have different columns, or there is no shard.</exception>
    public static ShardSchema GetCommon(DatasetIndex index)
    {
        var schemas = index.Shards.Select(static shard => shard.Schema).Distinct().ToArray();
        if (schemas is [])
        {
            throw new NotSupportedException("The dataset has no shards, so its columns are not known.");
        }

        return schemas.All(schema => schema.Format == schemas[0].Format && schema.Columns.SequenceEqual(schemas[0].Columns))
            ? schemas[0]
            : throw new NotSupportedException("The shards have different formats or columns; convert them one kind at a time.");
    }

    /// <summary>Finds the encoding of each column in another format.</summary>
    /// <exception cref="NotSupportedException">The format cannot hold some columns.</exception>
    /// <exception cref="ArgumentException">The options do not fit the dataset.</exception>
    public static ImmutableDictionary<string, string> Map(ShardSchema source, DatasetConverterOptions options)
    {
        if (options.Format is not (ShardFormats.Mds or ShardFormats.Json or ShardFormats.Csv or ShardFormats.Tsv))
        {
            throw new ArgumentException(
                $"'{options.Format}' is not a format to convert to. Known are mds, json, csv and tsv.", nameof(options));
        }

        if (options.Encodings.Count > 0 && options.Format != ShardFormats.Mds)
        {
            throw new ArgumentException("Encodings can be chosen for MDS only.", nameof(options));
        }

        if (options.Encodings.Keys.FirstOrDefault(name => source.IndexOf(name) < 0) is { } unknown)
        {
            throw new ArgumentException(
                $"There is no column '{unknown}'. There are {string.Join(", ", source.Columns.Select(static column => column.Name))}.",
                nameof(options));
        }

        var columns = source.Columns.ToDictionary(
            static column => column.Name,
            column => options.Encodings.GetValueOrDefault(column.Name) ?? MapEncoding(source.Format, column.Encoding, options.Format));
        var impossible = source.Columns.Where(column => columns[column.Name] is null)
            .Select(static column => $"'{column.Name}' ({column.Encoding})")
            .ToArray();
        return impossible.Length == 0
            ? columns.ToImmutableDictionary(static column => column.Key, static column => column.Value!)
            : throw new NotSupportedException(
                $"The format '{options.Format}' holds text and numbers only, not the columns {string.Join(", ", impossible)}.");
    }

    private static string? MapEncoding(string from, string encoding, string to) =>
        (ShardFormats.IsBinary(from), ShardFormats.IsBinary(to)) switch
    {
        (true, true) or (false, false) => encoding,
        (false, true) => encoding == "float" ? "float64" : encoding,
        (true, false) => encoding switch
        {
            "str" => "str",
            "int" or "int8" or "int16" or "int32" or "int64" or "uint8" or "uint16" or "uint32" or "uint64" or "str_int" => "int",
            "float16" or "float32" or "float64" or "str_float" => "float",
            _ => null,
        },
    };
}
