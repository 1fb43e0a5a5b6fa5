// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Fills memory with a padding value, converted to the column's type (saturating for integers, rounding to nearest for
/// floats).</summary>
internal static class PadFill
{
    public static void Fill(Span<byte> bytes, ElementType type, double value)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        switch (type)
        {
            case ElementType.UInt8: bytes.Fill(byte.CreateSaturating(value)); break;
            case ElementType.Int8: bytes.Fill(unchecked((byte)sbyte.CreateSaturating(value))); break;
            case ElementType.Bool: bytes.Fill(value != 0 ? (byte)1 : (byte)0); break;
            case ElementType.Int16: MemoryMarshal.Cast<byte, short>(bytes).Fill(short.CreateSaturating(value)); break;
            case ElementType.Int32: MemoryMarshal.Cast<byte, int>(bytes).Fill(int.CreateSaturating(value)); break;
            case ElementType.Int64: MemoryMarshal.Cast<byte, long>(bytes).Fill(long.CreateSaturating(value)); break;
            case ElementType.Float16: MemoryMarshal.Cast<byte, Half>(bytes).Fill((Half)value); break;
            case ElementType.BFloat16: MemoryMarshal.Cast<byte, ushort>(bytes).Fill(ToBFloat16((float)value)); break;
            case ElementType.Float32: MemoryMarshal.Cast<byte, float>(bytes).Fill((float)value); break;
            case ElementType.Float64: MemoryMarshal.Cast<byte, double>(bytes).Fill(value); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type.");
        }
    }

    private static ushort ToBFloat16(float value)
    {
        if (float.IsNaN(value))
        {
            return 0x7FC0;
        }

        // Round to nearest, ties to even, on the sixteen bits that fall away.
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
