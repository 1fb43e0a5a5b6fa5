// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Reads single values of a shard, for tools and tests; loops over samples use encodings of their own.</summary>
internal static class ShardReaderExtensions
{
    /// <summary>Reads the value of one column of one sample.</summary>
    /// <param name="reader">The shard.</param>
    /// <param name="sample">The sample, from 0.</param>
    /// <param name="column">The column's place in the schema.</param>
    /// <returns>The value, owning its memory, of the type that <see cref="FieldEncoding.ReadObject"/> gives.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample or column.</exception>
    /// <exception cref="ShardFormatException">The sample or the value is damaged, or the column's encoding is unknown.</exception>
    /// <exception cref="NotSupportedException">The column holds pickles, which are not read.</exception>
    public static object? ReadValue(this ShardReader reader, int sample, int column)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var columns = reader.Schema.Columns;
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, columns.Length);
        var encoding = FieldEncodings.FindForColumn(reader.Schema, column) ?? throw new ShardFormatException(
            new ShardLocation(reader.Location, Column: columns[column].Name), $"its encoding '{columns[column].Encoding}' is not known.");
        var ranges = ArrayPool<FieldRange>.Shared.Rent(columns.Length);
        try
        {
            var fields = reader.GetSample(sample, ranges);
            return encoding.ReadObject(fields[column]);
        }
        catch (InvalidDataException exception)
        {
            throw new ShardFormatException(
                new ShardLocation(reader.Location, Sample: sample, Column: columns[column].Name), exception.Message, exception);
        }
        finally
        {
            ArrayPool<FieldRange>.Shared.Return(ranges);
        }
    }
}
