// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Floating-point text as Python's <c>repr(float)</c> writes it: the shortest digits that round-trip; fixed notation with a point
/// when the decimal exponent is in [-4, 16), else scientific with a sign and at least two exponent digits.</summary>
internal static class PythonFloat
{
    /// <summary>The longest text: <c>-0.00012345678901234567</c> and <c>-1.2345678901234567e-308</c> are 24 bytes or less.</summary>
    public const int MaxLength = 32;

    private const int MaxDigits = 17;

    /// <summary>Renders a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="json">Whether to write <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> as <c>json.dumps</c> does, not <c>nan</c>,
    /// <c>inf</c> and <c>-inf</c> as <c>repr</c> does.</param>
    /// <returns>The number of bytes.</returns>
    public static int Format(double value, Span<byte> destination, bool json = false)
    {
        if (!double.IsFinite(value))
        {
            return Copy(Special(value, json), destination);
        }

        Span<byte> digits = stackalloc byte[MaxDigits];
        var count = Decompose(value, digits, out var exponent);
        var length = double.IsNegative(value) ? Copy("-"u8, destination) : 0;
        return length + (exponent is >= -4 and < 16
            ? Fixed(digits[..count], exponent, destination[length..])
            : Scientific(digits[..count], exponent, destination[length..]));
    }

    /// <summary>Renders a number as <c>repr</c> does.</summary>
    public static string ToString(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Format(value, text)]);
    }

    private static ReadOnlySpan<byte> Special(double value, bool json)
    {
        if (double.IsNaN(value))
        {
            return json ? "NaN"u8 : "nan"u8;
        }

        return value > 0 ? (json ? "Infinity"u8 : "inf"u8) : (json ? "-Infinity"u8 : "-inf"u8);
    }

    /// <summary>Splits a finite number into its shortest digits d.ddd and a decimal exponent.</summary>
    private static int Decompose(double value, Span<byte> digits, out int exponent)
    {
        Span<byte> text = stackalloc byte[MaxLength];

        // "R" gives the shortest round-trip digits in either notation; only its digits and its exponent are used.
        Math.Abs(value).TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        var source = text[..length];
        var mark = source.IndexOf((byte)'E');
        var scientific = 0;
        if (mark >= 0)
        {
            _ = Utf8Parser.TryParse(source[(mark + 1)..].TrimStart((byte)'+'), out scientific, out _);
            source = source[..mark];
        }

        var point = source.IndexOf((byte)'.');
        var whole = point < 0 ? source.Length : point;
        var count = 0;
        var leadingZeros = 0;
        foreach (var unit in source)
        {
            if (unit == '.')
            {
                continue;
            }

            if (count == 0 && unit == '0')
            {
                leadingZeros++;
                continue;
            }

            if (count < digits.Length)
            {
                digits[count++] = unit;
            }
        }

        exponent = count == 0 ? 0 : scientific + whole - 1 - leadingZeros;
        while (count > 1 && digits[count - 1] == '0')
        {
            count--;
        }

        if (count == 0)
        {
            digits[count++] = (byte)'0';
        }

        return count;
    }

    private static int Fixed(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        var length = 0;
        if (exponent < 0)
        {
            length += Copy("0."u8, destination);
            destination.Slice(length, -exponent - 1).Fill((byte)'0');
            length += -exponent - 1;
            return length + Copy(digits, destination[length..]);
        }

        for (var i = 0; i <= exponent; i++)
        {
            destination[length++] = i < digits.Length ? digits[i] : (byte)'0';
        }

        destination[length++] = (byte)'.';
        return length + Copy(digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0"u8, destination[length..]);
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        destination[0] = digits[0];
        var length = 1;
        if (digits.Length > 1)
        {
            destination[length++] = (byte)'.';
            length += Copy(digits[1..], destination[length..]);
        }

        destination[length++] = (byte)'e';
        destination[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Utf8Formatter.TryFormat(Math.Abs(exponent), destination[length..], out var written, new System.Buffers.StandardFormat('D', 2));
        return length + written;
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }
}
