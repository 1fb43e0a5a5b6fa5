// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;

namespace TorchStreaming;

/// <summary>Numbers with a unit, read by the rules of upstream's <c>bytes_to_int</c> and <c>number_abbrev_to_int</c>.</summary>
internal static class NumberAbbreviation
{
    public const string ByteUnits = "b, kb, mb, gb, tb, pb, eb, zb, yb";

    public const string CountUnits = "k, m, b, t";

    private static readonly string[] Powers1024 = ["kb", "mb", "gb", "tb", "pb", "eb", "zb", "yb"];

    private static readonly string[] Powers1000 = ["k", "m", "b", "t"];

    public static bool TryParseBytes(string text, out BigInteger value)
    {
        var normal = Normalize(text);
        for (var i = 0; i < Powers1024.Length; i++)
        {
            if (normal.EndsWith(Powers1024[i], StringComparison.Ordinal))
            {
                return TryScale(normal[..^2], Math.Pow(1024, i + 1), out value);
            }
        }

        return TryParseDigits(normal.EndsWith('b') ? normal[..^1] : normal, out value);
    }

    public static bool TryParseCount(string text, out BigInteger value)
    {
        var normal = Normalize(text);
        for (var i = 0; i < Powers1000.Length; i++)
        {
            if (normal.EndsWith(Powers1000[i], StringComparison.Ordinal))
            {
                return TryScale(normal[..^1], Math.Pow(1000, i + 1), out value);
            }
        }

        return TryParseDigits(normal, out value);
    }

    /// <summary>Lower case, no outer white space, and every decimal digit of Unicode as its ASCII twin, since Python reads them
    /// all.</summary>
    private static string Normalize(string text) =>
        string.Create(text.Trim().Length, text.Trim(), static (result, source) =>
        {
            for (var i = 0; i < result.Length; i++)
            {
                var digit = CharUnicodeInfo.GetDecimalDigitValue(source[i]);
                result[i] = digit >= 0 ? (char)('0' + digit) : char.ToLowerInvariant(source[i]);
            }
        });

    private static bool TryScale(string prefix, double unit, out BigInteger value)
    {
        const NumberStyles style = NumberStyles.Float & ~NumberStyles.AllowHexSpecifier;
        value = default;
        var joined = prefix.Trim();
        if (joined.Length == 0 || !char.IsAsciiDigit(joined[^1]) && joined[^1] != '.')
        {
            return false;
        }

        if (!double.TryParse(joined, style, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number * unit))
        {
            return false;
        }

        value = new BigInteger(number * unit);
        return true;
    }

    private static bool TryParseDigits(string text, out BigInteger value)
    {
        value = default;
        return text.Length > 0
            && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
