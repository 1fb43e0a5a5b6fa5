// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Compression;

namespace TorchStreaming.TestKit;

/// <summary>Reads PNG files as golden data has them, not interlaced.</summary>
public static class PngReader
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a file.</summary>
    public static PixelImage ReadFile(string path) => Read(File.ReadAllBytes(path));

    /// <summary>Reads an image.</summary>
    public static PixelImage Read(ReadOnlySpan<byte> file)
    {
        var (width, height, depth, colorType, rows) = ReadRows(file);
        return depth == 8 && Channels(colorType) is var channels and not 2 && colorType != 3
            ? new PixelImage(width, height, channels, rows)
            : throw new NotSupportedException("Only 8-bit gray, RGB and RGBA are read.");
    }

    /// <summary>Reads an image as Pillow holds it.</summary>
    /// <returns>Pillow's mode and its raw pixels.</returns>
    public static (string Mode, byte[] Pixels) ReadAsPillow(ReadOnlySpan<byte> file)
    {
        var (_, _, depth, colorType, rows) = ReadRows(file);
        return (depth, colorType) switch
        {
            (1, 0) => ("1", rows),
            (8, 0) => ("L", rows),
            (8, 2) => ("RGB", rows),
            (8, 3) => ("P", rows),
            (8, 4) => ("LA", rows),
            (8, 6) => ("RGBA", rows),
            (16, 0) => ("I", [.. rows.Chunk(2).SelectMany(static value => new byte[] { value[1], value[0], 0, 0 })]),
            _ => throw new NotSupportedException($"PNG files of {depth} bits and color type {colorType} are not read."),
        };
    }

    private static (int Width, int Height, int Depth, int ColorType, byte[] Rows) ReadRows(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new InvalidDataException("Not a PNG file.");
        }

        var header = file.Slice(Signature.Length + 8, 13);
        var data = new MemoryStream();
        for (var position = Signature.Length; position < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[position..]);
            if (file.Slice(position + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(file.Slice(position + 8, length));
            }

            position += length + 12;
        }

        if (header[12] != 0)
        {
            throw new NotSupportedException("Interlaced PNG files are not read.");
        }

        data.Position = 0;
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        var bits = header[8] * Channels(header[9]);
        return (width, height, header[8], header[9], Unfilter(data, (width * bits + 7) / 8, height, Math.Max(1, bits / 8)));
    }

    private static int Channels(int colorType) => colorType switch
    {
        0 or 3 => 1,
        4 => 2,
        2 => 3,
        6 => 4,
        _ => throw new InvalidDataException($"Unknown color type {colorType}."),
    };

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
