// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Warps images of a size onto themselves with Pillow's arithmetic: nearest in 16.16 fixed-point numbers, bilinear in double
/// precision without antialiasing.</summary>
internal static class PixelWarp
{
    private const int FractionBits = 16;

    /// <summary>Takes for each output pixel the input pixel that it falls into.</summary>
    public static void Nearest(
        ReadOnlySpan<byte> pixels, int width, int height, in AffineMatrix matrix, RgbColor fill, Span<byte> result)
    {
        var (stepX, stepY) = (ToFixed(matrix.A), ToFixed(matrix.D));
        var rowX = ToFixed(matrix.C + (matrix.A * 0.5) + (matrix.B * 0.5));
        var rowY = ToFixed(matrix.F + (matrix.D * 0.5) + (matrix.E * 0.5));
        var (nextX, nextY) = (ToFixed(matrix.B), ToFixed(matrix.E));
        fill.Fill(result);
        var o = 0;
        for (var y = 0; y < height; y++, rowX += nextX, rowY += nextY)
        {
            var (fromX, fromY) = (rowX, rowY);
            for (var x = 0; x < width; x++, o += 3, fromX += stepX, fromY += stepY)
            {
                var (column, row) = (fromX >> FractionBits, fromY >> FractionBits);
                if ((ulong)column < (ulong)width && (ulong)row < (ulong)height)
                {
                    var i = (int)((row * width) + column) * 3;
                    (result[o], result[o + 1], result[o + 2]) = (pixels[i], pixels[i + 1], pixels[i + 2]);
                }
            }
        }
    }

    /// <summary>Mixes for each output pixel the four input pixels around it; beyond the middle of the outermost pixels these alone
    /// count.</summary>
    public static void Bilinear(
        ReadOnlySpan<byte> pixels, int width, int height, in AffineMatrix matrix, RgbColor fill, Span<byte> result)
    {
        fill.Fill(result);
        var o = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, o += 3)
            {
                var (atX, atY) = (x + 0.5, y + 0.5);
                var fromX = (matrix.A * atX) + (matrix.B * atY) + matrix.C;
                var fromY = (matrix.D * atX) + (matrix.E * atY) + matrix.F;
                if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height)
                {
                    continue;
                }

                var (column, row) = (Math.Floor(fromX - 0.5), Math.Floor(fromY - 0.5));
                var (shareX, shareY) = (fromX - 0.5 - column, fromY - 0.5 - row);
                var left = Math.Max((int)column, 0) * 3;
                var right = Math.Min((int)column + 1, width - 1) * 3;
                var upper = Math.Max((int)row, 0) * width * 3;
                var lower = Math.Min((int)row + 1, height - 1) * width * 3;
                for (var channel = 0; channel < 3; channel++)
                {
                    var above = Mix(pixels[upper + left + channel], pixels[upper + right + channel], shareX);
                    var below = Mix(pixels[lower + left + channel], pixels[lower + right + channel], shareX);
                    result[o + channel] = (byte)Mix(above, below, shareY);
                }
            }
        }
    }

    private static double Mix(double from, double to, double share) => from + ((to - from) * share);

    private static long ToFixed(double value) => (long)Math.Floor((value * (1 << FractionBits)) + 0.5);
}
