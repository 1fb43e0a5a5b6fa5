// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Turns rows of R, G, B bytes into numbers, interleaved or plane by plane.</summary>
internal static partial class PixelKernels
{
    /// <summary>Looks every byte up in its channel's table of 256 entries and keeps the bytes' order.</summary>
    public static void LookUp<T>(ReadOnlySpan<byte> row, ReadOnlySpan<T> table, Span<T> destination)
    {
        table = table[..(ChannelScaling.Channels * 256)];
        destination = destination[..row.Length];
        for (var i = 0; i + 3 <= row.Length; i += 3)
        {
            destination[i] = table[row[i]];
            destination[i + 1] = table[256 + row[i + 1]];
            destination[i + 2] = table[512 + row[i + 2]];
        }
    }

    /// <summary>Looks every byte up in its channel's table of 256 entries and splits the channels.</summary>
    public static void SplitAndLookUp<T>(ReadOnlySpan<byte> row, ReadOnlySpan<T> table, Span<T> red, Span<T> green, Span<T> blue)
    {
        table = table[..(ChannelScaling.Channels * 256)];
        green = green[..red.Length];
        blue = blue[..red.Length];
        row = row[..(red.Length * 3)];
        for (int i = 0, o = 0; i < red.Length; i++, o += 3)
        {
            red[i] = table[row[o]];
            green[i] = table[256 + row[o + 1]];
            blue[i] = table[512 + row[o + 2]];
        }
    }

    /// <summary>Splits the channels, the scalar twin of <see cref="Split"/>.</summary>
    public static void SplitScalar(ReadOnlySpan<byte> row, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        green = green[..red.Length];
        blue = blue[..red.Length];
        row = row[..(red.Length * 3)];
        for (int i = 0, o = 0; i < red.Length; i++, o += 3)
        {
            red[i] = row[o];
            green[i] = row[o + 1];
            blue[i] = row[o + 2];
        }
    }
}
