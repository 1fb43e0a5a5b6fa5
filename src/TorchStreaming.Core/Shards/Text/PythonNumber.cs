// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Numbers in text as Python's <c>int(text)</c> and <c>float(text)</c> read them: outer white space, a sign and single underscores
/// between digits are allowed.</summary>
internal static class PythonNumber
{
    /// <summary>Longer texts are refused, as Python does, since the time to read them grows with the square of their length.</summary>
    public const int MaxIntegerDigits = 4300;

    private const int MaxFloatLength = 4300;

    public static bool TryParseInteger(ReadOnlySpan<byte> utf8, out BigInteger value)
    {
        value = default;
        return utf8.Length <= 2 * MaxIntegerDigits && TryParseInteger(Encoding.UTF8.GetString(utf8), out value);
    }

    public static bool TryParseInteger(ReadOnlySpan<char> text, out BigInteger value)
    {
        value = default;
        text = text.Trim();
        return text.Length <= 2 * MaxIntegerDigits
            && RemoveUnderscores(text) is { } digits
            && digits.Length <= MaxIntegerDigits + 1
            && BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryParseDouble(ReadOnlySpan<byte> utf8, out double value)
    {
        value = 0;
        return utf8.Length <= MaxFloatLength && TryParseDouble(Encoding.UTF8.GetString(utf8), out value);
    }

    public static bool TryParseDouble(ReadOnlySpan<char> text, out double value)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        text = text.Trim();
        value = 0;
        if (text.Length is 0 or > MaxFloatLength)
        {
            return false;
        }

        var word = text.TrimStart("+-");
        if (char.IsAsciiLetter(word.IsEmpty ? '0' : word[0]))
        {
            return text.Length - word.Length <= 1 && TryParseSpecial(word, text[0] == '-', out value);
        }

        return RemoveUnderscores(text) is { } digits && double.TryParse(digits, style, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseSpecial(ReadOnlySpan<char> word, bool negative, out double value)
    {
        if (word.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.CopySign(double.NaN, negative ? -1 : 1);
            return true;
        }

        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Removes underscores that stand between two digits; <see langword="null"/> when one is elsewhere.</summary>
    public static string? RemoveUnderscores(ReadOnlySpan<char> text)
    {
        if (!text.Contains('_'))
        {
            return text.ToString();
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_' && (i == 0 || i == text.Length - 1 || !char.IsAsciiDigit(text[i - 1]) || !char.IsAsciiDigit(text[i + 1])))
            {
                return null;
            }
        }

        return text.ToString().Replace("_", "", StringComparison.Ordinal);
    }
}
