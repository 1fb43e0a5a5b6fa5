// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>Writes rows of R, G, B bytes into an output of some type and layout. Immutable and thread-safe.</summary>
internal abstract class PixelOutput
{
    /// <summary>Gets the bytes of one number.</summary>
    public abstract int ElementSize { get; }

    /// <summary>Creates the output.</summary>
    public static PixelOutput Create(PixelType type, bool channelsLast, ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        var scaling = new ChannelScaling(mean, deviation);
        return type switch
        {
            PixelType.UInt8 => new BytePixelOutput(channelsLast),
            PixelType.Float32 => new SinglePixelOutput(scaling, channelsLast),
            PixelType.Float16 => new HalfPixelOutput(scaling, channelsLast, value => BitConverter.HalfToUInt16Bits((Half)value)),
            _ => new HalfPixelOutput(scaling, channelsLast, ToBFloat16),
        };
    }

    /// <summary>Writes one row.</summary>
    /// <param name="row">R, G, B of each pixel.</param>
    /// <param name="y">Which row it is.</param>
    /// <param name="height">How many rows the output has.</param>
    /// <param name="destination">The whole output.</param>
    public abstract void WriteRow(ReadOnlySpan<byte> row, int y, int height, Span<byte> destination);

    /// <summary>Takes the upper half of a single, rounded to nearest even.</summary>
    internal static ushort ToBFloat16(float value)
    {
        if (float.IsNaN(value))
        {
            return 0x7FC0;
        }

        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The part of a plane that holds a row.</summary>
    protected static Span<T> GetPlaneRow<T>(Span<byte> destination, int channel, int y, int width, int height)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(destination).Slice(((channel * height) + y) * width, width);

    /// <summary>The part of an interleaved output that holds a row.</summary>
    protected static Span<T> GetInterleavedRow<T>(Span<byte> destination, int y, int length)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(destination).Slice(y * length, length);
}
