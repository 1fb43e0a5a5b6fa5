// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.TestKit;

/// <summary>Images made by a formula, the same on every machine.</summary>
internal static class TestImages
{
    /// <summary>Makes R, G, B bytes: smooth waves with some noise on top.</summary>
    public static byte[] MakeRgb(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        var (phase, step) = (random.NextDouble() * 6, 0.02 + (random.NextDouble() * 0.05));
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3);
            var wave = Math.Sin((x * step) + phase + channel) + Math.Cos((y * step * 1.3) - channel);
            pixels[i] = (byte)Math.Clamp(128 + (55 * wave) + random.Next(-9, 10), 0, 255);
        }

        return pixels;
    }

    /// <summary>Makes bytes without any structure.</summary>
    public static byte[] MakeNoise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Makes a JPEG file.</summary>
    public static byte[] MakeJpeg(
        int width, int height, int seed = 1, JpegSubsampling subsampling = JpegSubsampling.Chroma420, bool progressive = false)
    {
        using var encoder = new JpegEncoder(90, subsampling, progressive);
        return encoder.Encode(MakeRgb(width, height, seed), width, height).ToArray();
    }
}
