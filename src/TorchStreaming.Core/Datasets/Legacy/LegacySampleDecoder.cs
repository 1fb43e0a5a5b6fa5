// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Datasets;

/// <summary>Makes values of the fields of samples in Composer's legacy format. Immutable and thread-safe.</summary>
internal sealed class LegacySampleDecoder
{
    private readonly (string Name, int Column, Func<ReadOnlySpan<byte>, object?> Decode)[] _fields;

    private LegacySampleDecoder((string Name, int Column, Func<ReadOnlySpan<byte>, object?> Decode)[] fields) => _fields = fields;

    /// <summary>Finds the fields of the decoders, so that a wrong name fails before the first sample.</summary>
    /// <exception cref="ArgumentException">There is no such field.</exception>
    public static LegacySampleDecoder Create(DatasetIndex index, IReadOnlyDictionary<string, Func<ReadOnlySpan<byte>, object?>>? decoders)
    {
        if (index.Shards.IsEmpty)
        {
            return new LegacySampleDecoder([]);
        }

        // All shards of this format have one schema.
        var schema = index.Shards[0].Schema;
        return new LegacySampleDecoder(decoders is null
            ? [.. schema.Columns.Select(static (column, place) => (column.Name, place, LegacyDecoders.Bytes))]
            : [.. decoders.Select(pair => (pair.Key, Find(schema, pair.Key), pair.Value))]);
    }

    /// <summary>Decodes a sample.</summary>
    /// <exception cref="ShardFormatException">The sample is damaged.</exception>
    /// <exception cref="ColumnException">A decoder failed.</exception>
    public OrderedDictionary<string, object?> Decode(ShardReader reader, int sample)
    {
        var ranges = ArrayPool<FieldRange>.Shared.Rent(reader.Schema.Columns.Length);
        try
        {
            var fields = reader.GetSample(sample, ranges);
            var values = new OrderedDictionary<string, object?>(_fields.Length, StringComparer.Ordinal);
            foreach (var (name, column, decode) in _fields)
            {
                values.Add(name, Decode(name, decode, fields[column]));
            }

            return values;
        }
        finally
        {
            ArrayPool<FieldRange>.Shared.Return(ranges);
        }
    }

    private static object? Decode(string name, Func<ReadOnlySpan<byte>, object?> decode, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return decode(bytes);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new ColumnException(name, exception.Message, exception);
        }
    }

    private static int Find(ShardSchema schema, string name) => schema.IndexOf(name) is >= 0 and var column
        ? column
        : throw new ArgumentException(
            $"There is a decoder for the field '{name}'; the dataset has "
            + $"{string.Join(", ", schema.Columns.Select(static column => $"'{column.Name}'"))}.",
            nameof(name));
}
