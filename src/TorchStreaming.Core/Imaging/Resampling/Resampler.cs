// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>The two passes of Pillow's 8-bit resampling, row by row: horizontally, rounded to bytes, then vertically, rounded to
/// bytes.</summary>
internal static partial class Resampler
{
    private const int Half = 1 << (ResampleAxis.PrecisionBits - 1);

    /// <summary>Resamples one row horizontally, the scalar twin.</summary>
    /// <param name="source">The row, beginning at the pixel that the axis calls <paramref name="origin"/>.</param>
    /// <param name="origin">The first pixel of the row.</param>
    /// <param name="bytesPerPixel">3 or 4; a fourth byte is left out.</param>
    /// <param name="axis">The weights.</param>
    /// <param name="destination">R, G, B of each output pixel.</param>
    public static void ResampleRowScalar(
        ReadOnlySpan<byte> source, int origin, int bytesPerPixel, ResampleAxis axis, Span<byte> destination)
    {
        for (var i = 0; i < axis.Length; i++)
        {
            var weights = axis.GetWeights(i);
            var pixels = source.Slice((axis.GetStart(i) - origin) * bytesPerPixel, weights.Length * bytesPerPixel);
            var (red, green, blue) = (Half, Half, Half);
            for (int k = 0, o = 0; k < weights.Length; k++, o += bytesPerPixel)
            {
                red += pixels[o] * weights[k];
                green += pixels[o + 1] * weights[k];
                blue += pixels[o + 2] * weights[k];
            }

            destination[i * 3] = ToByte(red);
            destination[(i * 3) + 1] = ToByte(green);
            destination[(i * 3) + 2] = ToByte(blue);
        }
    }

    /// <summary>Combines rows vertically, the scalar twin.</summary>
    /// <param name="source">The rows, one after the other.</param>
    /// <param name="stride">The bytes of a row.</param>
    /// <param name="weights">The weight of each row.</param>
    /// <param name="destination">The combined row.</param>
    public static void CombineRowsScalar(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        for (var i = 0; i < stride; i++)
        {
            var sum = Half;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += source[(k * stride) + i] * weights[k];
            }

            destination[i] = ToByte(sum);
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResampleAxis.PrecisionBits, 0, 255);
}
