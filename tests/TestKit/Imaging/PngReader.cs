// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Compression;

namespace TorchStreaming.TestKit;

/// <summary>Reads PNG files as golden data has them: 8-bit gray, RGB or RGBA, not interlaced.</summary>
public static class PngReader
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a file.</summary>
    public static PixelImage ReadFile(string path) => Read(File.ReadAllBytes(path));

    /// <summary>Reads an image.</summary>
    public static PixelImage Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new InvalidDataException("Not a PNG file.");
        }

        var (width, height, channels) = (0, 0, 0);
        var data = new MemoryStream();
        for (var position = Signature.Length; position < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[position..]);
            var type = file.Slice(position + 4, 4);
            var body = file.Slice(position + 8, length);
            if (type.SequenceEqual("IHDR"u8))
            {
                width = BinaryPrimitives.ReadInt32BigEndian(body);
                height = BinaryPrimitives.ReadInt32BigEndian(body[4..]);
                channels = (body[8], body[9], body[12]) switch
                {
                    (8, 0, 0) => 1,
                    (8, 2, 0) => 3,
                    (8, 6, 0) => 4,
                    _ => throw new NotSupportedException("Only 8-bit gray, RGB and RGBA without interlace are read."),
                };
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                data.Write(body);
            }

            position += length + 12;
        }

        data.Position = 0;
        return new PixelImage(width, height, channels, Unfilter(data, width * channels, height, channels));
    }

    private static byte[] Unfilter(Stream data, int stride, int height, int bytesPerPixel)
    {
        var pixels = new byte[stride * height];
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        for (var y = 0; y < height; y++)
        {
            var filter = zlib.ReadByte();
            var row = pixels.AsSpan(y * stride, stride);
            zlib.ReadExactly(row);
            var above = y > 0 ? pixels.AsSpan((y - 1) * stride, stride) : new byte[stride];
            for (var i = 0; i < stride; i++)
            {
                var left = i >= bytesPerPixel ? row[i - bytesPerPixel] : 0;
                var upperLeft = i >= bytesPerPixel ? above[i - bytesPerPixel] : 0;
                row[i] += (byte)(filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => above[i],
                    3 => (left + above[i]) / 2,
                    4 => Paeth(left, above[i], upperLeft),
                    _ => throw new InvalidDataException($"Unknown filter {filter}."),
                });
            }
        }

        return pixels;
    }

    private static int Paeth(int left, int above, int upperLeft)
    {
        var estimate = left + above - upperLeft;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - upperLeft));
        return a <= b && a <= c ? left : b <= c ? above : upperLeft;
    }
}
