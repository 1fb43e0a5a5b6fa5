// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>A decimal number of any precision, as Python's <c>decimal.Decimal</c> holds it: <c>0.10</c> and <c>0.1</c> are different texts
/// of one number, and <c>NaN</c> and <c>Infinity</c> exist.</summary>
/// <remarks>Equality is equality of the texts.</remarks>
public readonly record struct BigDecimal
{
    /// <summary>Python's own limit for exponents has 18 digits.</summary>
    private const int MaxExponentDigits = 18;

    private readonly string? _text;

    private BigDecimal(string text) => _text = text;

    /// <summary>Converts a <see cref="decimal"/>, keeping its trailing zeros.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator BigDecimal(decimal value) => Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Converts to <see cref="decimal"/>.</summary>
    /// <param name="value">The number.</param>
    /// <exception cref="OverflowException">The number does not fit.</exception>
    /// <exception cref="FormatException">The number is not finite.</exception>
    public static explicit operator decimal(BigDecimal value) =>
        decimal.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Reads a number as Python does: outer white space and underscores are passed over, case does not matter.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number.</returns>
    /// <exception cref="FormatException">The text is not a decimal number.</exception>
    public static BigDecimal Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a decimal number.");

    /// <summary>Reads a number as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether the text is a decimal number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out BigDecimal value)
    {
        value = default;
        if (text is null)
        {
            return false;
        }

        var rest = text.AsSpan().Trim();
        var plain = rest.Contains('_') ? rest.ToString().Replace("_", "", StringComparison.Ordinal) : rest;
        var sign = plain is ['-', ..] ? "-" : "";
        var body = plain is ['-' or '+', ..] ? plain[1..] : plain;
        var result = body.IsEmpty ? null : char.IsAsciiLetter(body[0]) ? NormalizeSpecial(body) : NormalizeNumber(body);
        if (result is null)
        {
            return false;
        }

        value = new BigDecimal(sign + result);
        return true;
    }

    /// <summary>Renders the number in the scientific notation of General Decimal Arithmetic, as Python's <c>str</c> does.</summary>
    /// <returns>The text, for example <c>0.10</c>, <c>1E+3</c> or <c>1.23E-7</c>.</returns>
    public override string ToString() => _text ?? "0";

    private static string? NormalizeSpecial(ReadOnlySpan<char> body)
    {
        if (body.Equals("inf", StringComparison.OrdinalIgnoreCase) || body.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            return "Infinity";
        }

        var name = body.StartsWith("snan", StringComparison.OrdinalIgnoreCase) ? "sNaN" : "NaN";
        if (!body.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var payload = body[name.Length..];
        return payload.ContainsAnyExceptInRange('0', '9') ? null : string.Concat(name, payload.TrimStart('0'));
    }

    private static string? NormalizeNumber(ReadOnlySpan<char> body)
    {
        var mark = body.IndexOfAny('e', 'E');
        var mantissa = mark < 0 ? body : body[..mark];
        var power = mark < 0 ? "0" : body[(mark + 1)..];
        var point = mantissa.IndexOf('.');
        var fraction = point < 0 ? [] : mantissa[(point + 1)..];
        var digits = point < 0 ? mantissa : string.Concat(mantissa[..point], fraction);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')
            || power.TrimStart("+-").Length > MaxExponentDigits
            || !long.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return null;
        }

        var significant = digits.TrimStart('0');
        return Render(significant.IsEmpty ? "0" : significant, exponent - fraction.Length);
    }

    /// <summary>Renders digits · 10^exponent.</summary>
    private static string Render(ReadOnlySpan<char> digits, long exponent)
    {
        var whole = exponent + digits.Length;
        var isFixed = exponent <= 0 && whole > -6;
        var point = isFixed ? whole : 1;
        var number = point <= 0
            ? string.Concat("0.", new string('0', (int)-point), digits)
            : point >= digits.Length ? digits.ToString() : string.Concat(digits[..(int)point], ".", digits[(int)point..]);
        return whole == point ? number : string.Create(CultureInfo.InvariantCulture, $"{number}E{whole - point:+0;-0}");
    }
}
