// SPDX-License-Identifier: MIT

using System.Runtime.Intrinsics;

namespace TorchStreaming.Imaging;

/// <summary>Moves an image toward another one or, with factors above 1, away from it, with the single-precision arithmetic of Pillow's
/// <c>Image.blend</c>; and the grayscale that saturation and contrast start from.</summary>
internal static class PixelBlend
{
    private const int ChunkPixels = 256;

    /// <summary>Computes <c>from + factor·(to - from)</c>, rounded toward zero and limited to a byte.</summary>
    public static byte Blend(int from, int to, float factor)
    {
        var value = from + (factor * (to - from));
        return value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)value;
    }

    /// <summary>Computes the brightness of a pixel: ITU-R 601-2, in Pillow's integers.</summary>
    public static int Luma(int red, int green, int blue) => ((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16;

    /// <summary>Moves values toward or away from others, in vectors of what <see cref="Blend(int, int, float)"/> computes one by
    /// one.</summary>
    /// <param name="from">Where factor 0 leads.</param>
    /// <param name="to">Where factor 1 leads.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="result">The result; may be one of the other two.</param>
    public static void BlendRow(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, float factor, Span<byte> result)
    {
        from = from[..result.Length];
        to = to[..result.Length];
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var factors = Vector128.Create(factor);
            for (; i + Vector128<byte>.Count <= result.Length; i += Vector128<byte>.Count)
            {
                var (fromLow, fromHigh) = Vector128.Widen(Vector128.Create(from.Slice(i, Vector128<byte>.Count)));
                var (low, high) = Vector128.Widen(Vector128.Create(to.Slice(i, Vector128<byte>.Count)));
                Vector128.Narrow(Blend(fromLow, low, factors), Blend(fromHigh, high, factors)).CopyTo(result[i..]);
            }
        }

        for (; i < result.Length; i++)
        {
            result[i] = Blend(from[i], to[i], factor);
        }
    }

    /// <summary>Moves each pixel toward its gray; factor 0 is the gray itself.</summary>
    public static void Saturate(Span<byte> pixels, float factor)
    {
        Span<byte> gray = stackalloc byte[ChunkPixels * 3];
        for (var start = 0; start < pixels.Length; start += gray.Length)
        {
            var chunk = pixels.Slice(start, Math.Min(gray.Length, pixels.Length - start));
            chunk.CopyTo(gray);
            ToGray(gray[..chunk.Length]);
            BlendRow(gray, chunk, factor, chunk);
        }
    }

    /// <summary>Makes every pixel gray.</summary>
    public static void ToGray(Span<byte> pixels)
    {
        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            var gray = (byte)Luma(pixels[i], pixels[i + 1], pixels[i + 2]);
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (gray, gray, gray);
        }
    }

    /// <summary>Computes the mean brightness, rounded.</summary>
    public static int MeanLuma(ReadOnlySpan<byte> pixels)
    {
        var sum = 0L;
        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            sum += Luma(pixels[i], pixels[i + 1], pixels[i + 2]);
        }

        return (int)(((double)sum / (pixels.Length / 3)) + 0.5);
    }

    /// <summary>Moves an image toward a smoothed copy of itself (factor below 1) or away from it (above 1). The outermost pixels
    /// stay.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="width">Its width.</param>
    /// <param name="factor">The factor; 0 is the smoothed copy.</param>
    /// <param name="result">The result, of the same size.</param>
    public static void Sharpen(ReadOnlySpan<byte> pixels, int width, float factor, Span<byte> result)
    {
        var stride = width * 3;
        pixels.CopyTo(result);
        for (var row = stride; row + (2 * stride) <= pixels.Length; row += stride)
        {
            var above = pixels.Slice(row - stride, stride);
            var here = pixels.Slice(row, stride);
            var below = pixels.Slice(row + stride, stride);
            var to = result.Slice(row, stride);
            for (var i = 3; i < stride - 3; i++)
            {
                // The kernel is 5 in the middle and 1 around, over 13. No sum is half-way between two bytes, so integers round as floats do.
                var sum = above[i - 3] + above[i] + above[i + 3] + here[i - 3] + (5 * here[i]) + here[i + 3]
                    + below[i - 3] + below[i] + below[i + 3];
                to[i] = (byte)(((2 * sum) + 13) / 26);
            }

            BlendRow(to, here, factor, to);
        }
    }

    private static Vector128<ushort> Blend(Vector128<ushort> from, Vector128<ushort> to, Vector128<float> factors)
    {
        var (fromLow, fromHigh) = Vector128.Widen(from.AsInt16());
        var (toLow, toHigh) = Vector128.Widen(to.AsInt16());
        return Vector128.Narrow(Blend(fromLow, toLow, factors), Blend(fromHigh, toHigh, factors)).AsUInt16();
    }

    private static Vector128<int> Blend(Vector128<int> from, Vector128<int> to, Vector128<float> factors)
    {
        var value = Vector128.ConvertToSingle(from) + (factors * Vector128.ConvertToSingle(to - from));
        return Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(value, Vector128<float>.Zero), Vector128.Create(255f)));
    }
}
