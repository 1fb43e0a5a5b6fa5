// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Imaging;

/// <summary>The IHDR chunk of a PNG image.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Depth">The bits of a sample.</param>
/// <param name="Color">The color type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.</param>
/// <param name="IsInterlaced">Whether the rows come in seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, int Depth, int Color, bool IsInterlaced)
{
    public const int SignatureSize = 8;
    public const int ChunkOverhead = 12;

    private const int BodySize = 13;

    public int Channels => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public int BitsPerPixel => Channels * Depth;

    /// <summary>Gets the bytes of a row of some pixels, without its filter byte.</summary>
    public int GetRowSize(int width) => checked((int)((((long)width * BitsPerPixel) + 7) / 8));

    /// <summary>Reads the header.</summary>
    /// <exception cref="ImageDecodeException">It is damaged.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < SignatureSize + ChunkOverhead + BodySize || !encoded.Slice(SignatureSize + 4, 4).SequenceEqual("IHDR"u8))
        {
            throw new ImageDecodeException("The PNG image ends in its header.");
        }

        var body = encoded.Slice(SignatureSize + 8, BodySize);
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
        var (depth, color, interlace) = (body[8], body[9], body[12]);
        var isKnown = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown || body[10] != 0 || body[11] != 0 || interlace > 1 || width > int.MaxValue || height > int.MaxValue)
        {
            throw new ImageDecodeException("The PNG image's header is damaged.");
        }

        return new PngHeader((int)width, (int)height, depth, color, interlace == 1);
    }
}
