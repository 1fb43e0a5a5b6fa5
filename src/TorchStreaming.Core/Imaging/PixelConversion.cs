// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Conversions of whole pixels to RGB, with Pillow's arithmetic.</summary>
internal static class PixelConversion
{
    public static void GrayToRgb(ReadOnlySpan<byte> gray, Span<byte> rgb)
    {
        rgb = rgb[..(gray.Length * 3)];
        for (int i = 0, o = 0; i < gray.Length; i++, o += 3)
        {
            var value = gray[i];
            rgb[o] = value;
            rgb[o + 1] = value;
            rgb[o + 2] = value;
        }
    }

    /// <summary>Converts CMYK in place to RGB and a spare byte: each color is <c>(255 - k)·(255 - ink)/255</c>, rounded as Pillow rounds
    /// it.</summary>
    /// <param name="pixels">Four bytes per pixel.</param>
    /// <param name="inverted">Whether the bytes hold <c>255 - ink</c>, as JPEG files do.</param>
    public static void CmykToRgbx(Span<byte> pixels, bool inverted)
    {
        var flip = inverted ? 255 : 0;
        for (var i = 0; i + 4 <= pixels.Length; i += 4)
        {
            var paper = 255 - (pixels[i + 3] ^ flip);
            pixels[i] = (byte)(paper - MultiplyDivide255(pixels[i] ^ flip, paper));
            pixels[i + 1] = (byte)(paper - MultiplyDivide255(pixels[i + 1] ^ flip, paper));
            pixels[i + 2] = (byte)(paper - MultiplyDivide255(pixels[i + 2] ^ flip, paper));
            pixels[i + 3] = 255;
        }
    }

    /// <summary>Computes <c>a·b/255</c> to the nearest, without a division.</summary>
    private static int MultiplyDivide255(int a, int b)
    {
        var product = (a * b) + 128;
        return ((product >> 8) + product) >> 8;
    }
}
