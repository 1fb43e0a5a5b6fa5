// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Moves an image towards another one or, with factors above 1, away from it, with the single-precision arithmetic of Pillow's
/// <c>Image.blend</c>; and the grayscale that saturation and contrast start from.</summary>
internal static class PixelBlend
{
    /// <summary>Computes <c>from + factor·(to - from)</c>, rounded towards zero and limited to a byte.</summary>
    public static byte Blend(int from, int to, float factor)
    {
        var value = from + (factor * (to - from));
        return value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)value;
    }

    /// <summary>Computes the brightness of a pixel: ITU-R 601-2, in Pillow's integers.</summary>
    public static int Luma(int red, int green, int blue) => ((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16;

    /// <summary>Moves each pixel towards its gray; factor 0 is the gray itself.</summary>
    public static void Saturate(Span<byte> pixels, float factor)
    {
        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            var pixel = pixels.Slice(i, 3);
            var gray = Luma(pixel[0], pixel[1], pixel[2]);
            pixel[0] = Blend(gray, pixel[0], factor);
            pixel[1] = Blend(gray, pixel[1], factor);
            pixel[2] = Blend(gray, pixel[2], factor);
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

    /// <summary>Moves an image towards a smoothed copy of itself (factor below 1) or away from it (above 1). The outermost pixels
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
                to[i] = Blend(((2 * sum) + 13) / 26, here[i], factor);
            }
        }
    }
}
