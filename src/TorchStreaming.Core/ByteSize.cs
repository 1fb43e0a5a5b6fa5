// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming;

/// <summary>A number of bytes.</summary>
/// <param name="Bytes">The number.</param>
/// <remarks>Units are powers of 1024, as upstream's are.</remarks>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    /// <summary>Converts a number of bytes.</summary>
    /// <param name="bytes">The number.</param>
    public static implicit operator ByteSize(long bytes) => new(bytes);

    /// <summary>Compares two sizes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other size.</param>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Compares two sizes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other size.</param>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Compares two sizes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other size.</param>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Compares two sizes.</summary>
    /// <param name="left">One size.</param>
    /// <param name="right">The other size.</param>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>Makes a size of units of 1,024 bytes.</summary>
    /// <param name="count">How many; fractions of a byte are dropped.</param>
    /// <returns>The size.</returns>
    /// <exception cref="OverflowException">The size does not fit.</exception>
    public static ByteSize KiB(double count) => new(checked((long)(count * (1L << 10))));

    /// <summary>Makes a size of units of 1,024² bytes.</summary>
    /// <param name="count">How many; fractions of a byte are dropped.</param>
    /// <returns>The size.</returns>
    /// <exception cref="OverflowException">The size does not fit.</exception>
    public static ByteSize MiB(double count) => new(checked((long)(count * (1L << 20))));

    /// <summary>Makes a size of units of 1,024³ bytes.</summary>
    /// <param name="count">How many; fractions of a byte are dropped.</param>
    /// <returns>The size.</returns>
    /// <exception cref="OverflowException">The size does not fit.</exception>
    public static ByteSize GiB(double count) => new(checked((long)(count * (1L << 30))));

    /// <summary>Reads a size as upstream writes it: digits, digits with <c>b</c>, or a number with <c>kb</c>, <c>mb</c>, <c>gb</c>,
    /// <c>tb</c>, <c>pb</c>, <c>eb</c>, <c>zb</c> or <c>yb</c>, which stand for powers of 1024. Case and outer white space do not
    /// matter.</summary>
    /// <param name="text">The text, for example <c>200gb</c> or <c>1.5 kb</c>.</param>
    /// <returns>The size; fractions of a byte are dropped.</returns>
    /// <exception cref="FormatException">The text is not a size.</exception>
    /// <exception cref="OverflowException">The size does not fit.</exception>
    /// <remarks>Mirrors <c>streaming.base.util.bytes_to_int(bytes_str)</c>.</remarks>
    public static ByteSize Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var size)
            ? size
            : NumberAbbreviation.TryParseBytes(text, out _)
            ? throw new OverflowException($"'{text}' is more bytes than a size of 64 bits can be.")
            : throw new FormatException(
                $"'{text}' is not a size in bytes. Write digits, or a number with one of {NumberAbbreviation.ByteUnits}.");
    }

    /// <summary>Reads a size as <see cref="Parse"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size.</param>
    /// <returns>Whether the text is a size that fits.</returns>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        if (text is null || !NumberAbbreviation.TryParseBytes(text, out var bytes) || bytes > long.MaxValue || bytes < long.MinValue)
        {
            return false;
        }

        size = new ByteSize((long)bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Renders the size for people, for example <c>64 MiB</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var value = (double)Bytes;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {units[unit]}");
    }
}
