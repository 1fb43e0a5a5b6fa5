// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TorchStreaming.Transforms;

/// <summary>Reads stored numbers and writes them as elements of a batch.</summary>
internal static class ScalarConversion
{
    /// <summary>Reads an integer.</summary>
    public static Int128 ReadInteger(ReadOnlySpan<byte> value, NumberEncoding encoding) => encoding switch
    {
        NumberEncoding.Int8 => (sbyte)value[0],
        NumberEncoding.Int16 => BinaryPrimitives.ReadInt16LittleEndian(value),
        NumberEncoding.Int32 => BinaryPrimitives.ReadInt32LittleEndian(value),
        NumberEncoding.Int64 => BinaryPrimitives.ReadInt64LittleEndian(value),
        NumberEncoding.UInt8 => value[0],
        NumberEncoding.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(value),
        NumberEncoding.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(value),
        NumberEncoding.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(value),
        _ => Int128.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException("The text is not an integer of up to 128 bits."),
    };

    /// <summary>Reads a floating-point number.</summary>
    public static double ReadDouble(ReadOnlySpan<byte> value, NumberEncoding encoding) => encoding switch
    {
        NumberEncoding.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(value),
        NumberEncoding.Float32 => BinaryPrimitives.ReadSingleLittleEndian(value),
        NumberEncoding.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(value),
        _ => ParseFloat(value),
    };

    /// <summary>Writes an integer.</summary>
    /// <exception cref="InvalidDataException">It does not fit the type.</exception>
    public static void Write(Int128 number, ElementType type, Span<byte> destination)
    {
        var (low, high) = type switch
        {
            ElementType.Bool => (0, 1),
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.Int16 => (short.MinValue, short.MaxValue),
            ElementType.Int32 => (int.MinValue, int.MaxValue),
            ElementType.Int64 => (long.MinValue, long.MaxValue),
            _ => (Int128.MinValue, Int128.MaxValue),
        };
        if (number < low || number > high)
        {
            throw new InvalidDataException($"The number {number.ToString(CultureInfo.InvariantCulture)} does not fit {type}.");
        }

        switch (type)
        {
            case ElementType.Bool or ElementType.UInt8 or ElementType.Int8:
                destination[0] = unchecked((byte)(long)number);
                break;
            case ElementType.Int16:
                MemoryMarshal.Write(destination, (short)number);
                break;
            case ElementType.Int32:
                MemoryMarshal.Write(destination, (int)number);
                break;
            case ElementType.Int64:
                MemoryMarshal.Write(destination, (long)number);
                break;
            default:
                Write((double)number, type, destination);
                break;
        }
    }

    /// <summary>Writes a floating-point number.</summary>
    public static void Write(double number, ElementType type, Span<byte> destination)
    {
        switch (type)
        {
            case ElementType.Float16:
                MemoryMarshal.Write(destination, (Half)number);
                break;
            case ElementType.BFloat16:
                MemoryMarshal.Write(destination, Imaging.PixelOutput.ToBFloat16((float)number));
                break;
            case ElementType.Float32:
                MemoryMarshal.Write(destination, (float)number);
                break;
            case ElementType.Float64:
                MemoryMarshal.Write(destination, number);
                break;
            default:
                throw new ArgumentException($"A floating-point number does not become {type}.");
        }
    }

    private static double ParseFloat(ReadOnlySpan<byte> text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        // Python writes these in lower case and without spelling out the word.
        return text switch
        {
            _ when text.SequenceEqual("inf"u8) => double.PositiveInfinity,
            _ when text.SequenceEqual("-inf"u8) => double.NegativeInfinity,
            _ when text.SequenceEqual("nan"u8) => double.NaN,
            _ => throw new InvalidDataException("The text is not a number."),
        };
    }
}
