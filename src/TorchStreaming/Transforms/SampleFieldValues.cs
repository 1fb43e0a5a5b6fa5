// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Reads the columns of an encoded sample by name.</summary>
public static class SampleFieldValues
{
    /// <summary>Gets the encoded bytes of a column, a loan.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="column">The column's name.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public static ReadOnlySpan<byte> GetBytes(this SampleFields sample, string column) => sample[IndexOf(sample.Schema, column)];

    /// <summary>Decodes a column of an MDS sample.</summary>
    /// <typeparam name="T">The type of the encoding's values, for example <see cref="long"/> for <c>int</c> or <see cref="string"/> for
    /// <c>str</c>.</typeparam>
    /// <param name="sample">The sample.</param>
    /// <param name="column">The column's name.</param>
    /// <returns>The value; a view, such as <see cref="NdArrayView"/>, is a loan.</returns>
    /// <exception cref="ArgumentException">There is no such column, or its values are of another type.</exception>
    /// <exception cref="NotSupportedException">The shard's format has no typed values; <see cref="GetBytes"/> gives the text.</exception>
    /// <exception cref="ColumnException">The bytes are not a value of the column's encoding.</exception>
    public static T GetValue<T>(this SampleFields sample, string column)
        where T : allows ref struct
    {
        var schema = sample.Schema;
        var place = IndexOf(schema, column);
        if (!ShardFormats.IsBinary(schema.Format))
        {
            throw new NotSupportedException($"Typed values of '{schema.Format}' shards are not available yet; read the column's bytes.");
        }

        var encoding = FieldEncodings.Get(schema.Columns[place].Encoding).As<T>();
        try
        {
            return encoding.Read(sample[place]);
        }
        catch (InvalidDataException exception)
        {
            throw new ColumnException(column, exception.Message, exception);
        }
    }

    private static int IndexOf(ShardSchema schema, string column)
    {
        var place = schema.IndexOf(column);
        return place >= 0 ? place : throw new ArgumentException(
            $"The sample has no column '{column}'; it has {string.Join(", ", schema.Columns.Select(static known => $"'{known.Name}'"))}.",
            nameof(column));
    }
}
