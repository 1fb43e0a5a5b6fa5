// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Interactive;

/// <summary>The smallest, mean and largest of many values; what is not finite is counted apart.</summary>
internal sealed class ValueRange
{
    private long _count;
    private double _sum;

    /// <summary>Gets the smallest finite value.</summary>
    public double Low { get; private set; } = double.PositiveInfinity;

    /// <summary>Gets the largest finite value.</summary>
    public double High { get; private set; } = double.NegativeInfinity;

    /// <summary>Gets how many values are not finite.</summary>
    public long NotFinite { get; private set; }

    /// <summary>Reads one value.</summary>
    /// <param name="type">The type of the values.</param>
    /// <param name="bytes">The values.</param>
    /// <param name="index">Which one.</param>
    public static double Read(ElementType type, ReadOnlySpan<byte> bytes, int index) => type switch
    {
        ElementType.Int8 => (sbyte)bytes[index],
        ElementType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[index],
        ElementType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[index],
        ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[index],
        ElementType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[index],
        ElementType.BFloat16 => BitConverter.Int32BitsToSingle(MemoryMarshal.Cast<byte, ushort>(bytes)[index] << 16),
        ElementType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[index],
        ElementType.Float64 => MemoryMarshal.Cast<byte, double>(bytes)[index],
        _ => bytes[index],
    };

    /// <summary>Takes values in.</summary>
    /// <param name="type">The type of the values.</param>
    /// <param name="bytes">The values.</param>
    public void Add(ElementType type, ReadOnlySpan<byte> bytes)
    {
        switch (type)
        {
            case ElementType.Int8: AddAll<sbyte>(bytes); break;
            case ElementType.Int16: AddAll<short>(bytes); break;
            case ElementType.Int32: AddAll<int>(bytes); break;
            case ElementType.Int64: AddAll<long>(bytes); break;
            case ElementType.Float16: AddAll<Half>(bytes); break;
            case ElementType.Float32: AddAll<float>(bytes); break;
            case ElementType.Float64: AddAll<double>(bytes); break;
            case ElementType.BFloat16:
                for (var i = 0; i < bytes.Length / sizeof(ushort); i++)
                {
                    Add(Read(type, bytes, i));
                }

                break;
            default: AddAll<byte>(bytes); break;
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (_count == 0)
        {
            return NotFinite == 0 ? "no values" : $"{NotFinite} not finite";
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"{Low:G4} … {High:G4}, mean {_sum / _count:G4}");
        return NotFinite == 0 ? range : $"{range}, {NotFinite} not finite";
    }

    private void AddAll<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged, INumber<T>
    {
        foreach (var value in MemoryMarshal.Cast<byte, T>(bytes))
        {
            Add(double.CreateTruncating(value));
        }
    }

    private void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            NotFinite++;
            return;
        }

        _count++;
        _sum += value;
        Low = Math.Min(Low, value);
        High = Math.Max(High, value);
    }
}
