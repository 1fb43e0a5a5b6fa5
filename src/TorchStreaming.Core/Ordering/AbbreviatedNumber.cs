// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Ordering;

/// <summary>Upstream's abbreviated numbers: counts such as <c>1.5k</c>, and sizes such as <c>10gb</c>.</summary>
public static class AbbreviatedNumber
{
    private static readonly (string Suffix, double Unit)[] Counts = [("k", 1e3), ("m", 1e6), ("b", 1e9), ("t", 1e12)];

    private static readonly (string Suffix, double Unit)[] Sizes =
    [
        ("kb", 1L << 10), ("mb", 1L << 20), ("gb", 1L << 30), ("tb", 1L << 40), ("pb", 1L << 50), ("eb", 1L << 60),
        ("zb", 1180591620717411303424d), ("yb", 1208925819614629174706176d),
    ];

    /// <summary>Reads a count: digits, or a number followed by <c>k</c>, <c>m</c>, <c>b</c> or <c>t</c> (10³, 10⁶, 10⁹, 10¹²). Case and
    /// surrounding spaces do not matter.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The count, rounded toward zero.</returns>
    /// <exception cref="FormatException">The text is not such a number.</exception>
    /// <exception cref="OverflowException">The count does not fit.</exception>
    /// <remarks>Mirrors <c>streaming.base.util.number_abbrev_to_int</c>.</remarks>
    public static long ParseCount(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = Normalize(text);
        return ParseWithUnit(trimmed, Counts) ?? ParseDigits(trimmed)
            ?? throw new FormatException($"'{text}' is not a count. Write digits, or a number with one of the suffixes k, m, b, t.");
    }

    /// <summary>Reads a size: digits with or without <c>b</c>, or a number followed by <c>kb</c>, <c>mb</c>, <c>gb</c>, <c>tb</c>,
    /// <c>pb</c>, <c>eb</c>, <c>zb</c> or <c>yb</c> (powers of 1024). Case and surrounding spaces do not matter.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The bytes, rounded toward zero.</returns>
    /// <exception cref="FormatException">The text is not such a size.</exception>
    /// <exception cref="OverflowException">The size does not fit.</exception>
    /// <remarks>Mirrors <c>streaming.base.util.bytes_to_int</c>.</remarks>
    public static Int128 ParseBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = Normalize(text);
        var digits = trimmed.EndsWith('b') ? trimmed[..^1] : trimmed;
        return ParseWithWideUnit(trimmed, Sizes) ?? ParseDigits(digits)
            ?? throw new FormatException($"'{text}' is not a size. Write digits, or a number with one of the suffixes b, kb, mb, gb, tb, "
                + "pb, eb, zb, yb.");
    }

    private static string Normalize(string text) => text.Trim().ToLowerInvariant();

    private static long? ParseWithUnit(string text, (string Suffix, double Unit)[] units) =>
        ParseWithWideUnit(text, units) is { } value ? checked((long)value) : null;

    private static Int128? ParseWithWideUnit(string text, (string Suffix, double Unit)[] units)
    {
        foreach (var (suffix, unit) in units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(..^suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number))
            {
                return checked((Int128)(number * unit));
            }
        }

        return null;
    }

    /// <summary>Reads decimal digits of any script, as Python does.</summary>
    private static long? ParseDigits(string text)
    {
        var value = 0L;
        foreach (var character in text)
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(character);
            if (digit < 0)
            {
                return null;
            }

            value = checked((value * 10) + digit);
        }

        return text.Length == 0 ? null : value;
    }
}
