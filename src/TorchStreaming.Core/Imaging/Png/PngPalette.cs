// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Spreads the samples of PNG rows to R, G, B, through the image's palette where it has one.</summary>
internal ref struct PngPalette
{
    private readonly bool _keepsIndices;
    private readonly bool _isUsed;
    private ReadOnlySpan<byte> _colors;

    /// <summary>Creates the palette.</summary>
    /// <param name="header">The image's header.</param>
    /// <param name="keepsIndices">Whether a pixel's place in the palette is its value.</param>
    public PngPalette(in PngHeader header, bool keepsIndices)
    {
        _isUsed = header.Color == 3;
        _keepsIndices = keepsIndices;
    }

    /// <summary>Takes the colors: R, G, B of each.</summary>
    public void Read(ReadOnlySpan<byte> body) => _colors = body;

    /// <summary>Spreads a row.</summary>
    /// <param name="row">The unfiltered bytes.</param>
    /// <param name="header">The image's header.</param>
    /// <param name="pixels">R, G, B of each pixel of the row.</param>
    /// <exception cref="ImageDecodeException">A pixel has a color that the palette lacks.</exception>
    public readonly void Spread(ReadOnlySpan<byte> row, in PngHeader header, Span<byte> pixels)
    {
        var width = pixels.Length / 3;
        if (header.Color is 2 or 6)
        {
            var (sample, pixel) = (header.Depth / 8, header.BitsPerPixel / 8);
            if (pixel == 3)
            {
                row[..pixels.Length].CopyTo(pixels);
                return;
            }

            for (int i = 0, o = 0; o < pixels.Length; i += pixel, o += 3)
            {
                (pixels[o], pixels[o + 1], pixels[o + 2]) = (row[i], row[i + sample], row[i + (2 * sample)]);
            }

            return;
        }

        if (header.Depth >= 8)
        {
            var step = header.BitsPerPixel / 8;
            for (var x = 0; x < width; x++)
            {
                Write(row[x * step], pixels.Slice(x * 3, 3));
            }

            return;
        }

        SpreadBits(row, header, pixels);
    }

    private readonly void SpreadBits(ReadOnlySpan<byte> row, in PngHeader header, Span<byte> pixels)
    {
        var mask = (1 << header.Depth) - 1;
        var brightness = _isUsed ? 1 : 255 / mask;
        for (int o = 0, bit = 0; o < pixels.Length; o += 3, bit += header.Depth)
        {
            var value = (row[bit >> 3] >> (8 - header.Depth - (bit & 7))) & mask;
            Write((byte)(value * brightness), pixels.Slice(o, 3));
        }
    }

    private readonly void Write(byte value, Span<byte> pixel)
    {
        if (!_isUsed || _keepsIndices)
        {
            pixel.Fill(value);
            return;
        }

        if ((value * 3) + 3 > _colors.Length)
        {
            throw new ImageDecodeException($"The PNG image's palette has no color {value}; the image is damaged.");
        }

        _colors.Slice(value * 3, 3).CopyTo(pixel);
    }
}
