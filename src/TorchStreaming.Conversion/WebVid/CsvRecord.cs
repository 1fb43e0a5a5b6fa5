// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Takes a line of comma-separated values apart, as Python's <c>csv.reader</c> does: a field that begins with a double quote ends
/// with one, and two of them inside stand for one.</summary>
internal static class CsvRecord
{
    private enum Place
    {
        Start,
        Plain,
        Quoted,
        AfterQuote,
    }

    /// <summary>Tells whether a record continues after the end of a line, since a quote is open.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isFirst">Whether the record begins with it; otherwise a quote is open at its beginning.</param>
    public static bool IsOpen(ReadOnlySpan<byte> line, bool isFirst) =>
        Split(line, null, isFirst ? Place.Start : Place.Quoted) == Place.Quoted;

    /// <summary>Gets the fields of a record.</summary>
    /// <exception cref="InvalidDataException">The record is no UTF-8.</exception>
    public static List<string> Parse(ReadOnlySpan<byte> record)
    {
        var fields = new List<string>();
        Split(record, fields, Place.Start);
        return fields;
    }

    private static Place Split(ReadOnlySpan<byte> record, List<string>? fields, Place place)
    {
        var field = new byte[fields is null ? 0 : record.Length];
        var length = 0;
        foreach (var value in record)
        {
            switch (place, value)
            {
                case (Place.Quoted, (byte)'"'):
                    place = Place.AfterQuote;
                    continue;
                case (Place.AfterQuote, (byte)'"'):
                    place = Place.Quoted;
                    break;
                case (Place.Start, (byte)'"'):
                    place = Place.Quoted;
                    continue;
                case (not Place.Quoted, (byte)','):
                    fields?.Add(StrictUtf8.GetString(field.AsSpan(0, length)));
                    (place, length) = (Place.Start, 0);
                    continue;
                case (not Place.Quoted, _):
                    place = Place.Plain;
                    break;
            }

            if (fields is not null)
            {
                field[length++] = value;
            }
        }

        fields?.Add(StrictUtf8.GetString(field.AsSpan(0, length)));
        return place;
    }
}
