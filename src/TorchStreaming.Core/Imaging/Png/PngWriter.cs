// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>Writes 8-bit gray or RGB pixels as PNG. Needs no native library beyond that of .NET. Thread-safe.</summary>
public static class PngWriter
{
    private const byte FilterSub = 1;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes an RGB image.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="pixels">R, G, B row by row without padding.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not have <c>3·width·height</c> bytes.</exception>
    public static void WriteRgb(Stream output, ReadOnlySpan<byte> pixels, int width, int height) =>
        Write(output, pixels, width, height, bytesPerPixel: 3, colorType: 2);

    /// <summary>Writes a gray image.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="pixels">The gray values row by row without padding.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not have <c>width·height</c> bytes.</exception>
    public static void WriteGray(Stream output, ReadOnlySpan<byte> pixels, int width, int height) =>
        Write(output, pixels, width, height, bytesPerPixel: 1, colorType: 0);

    private static void Write(Stream output, ReadOnlySpan<byte> pixels, int width, int height, int bytesPerPixel, byte colorType)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)width * height * bytesPerPixel)
        {
            throw new ArgumentException(
                $"{width}x{height} pixels take {(long)width * height * bytesPerPixel} bytes, not {pixels.Length}.", nameof(pixels));
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = colorType;
        header[10..].Clear();

        output.Write(Signature);
        WriteChunk(output, "IHDR"u8, header);
        WriteChunk(output, "IDAT"u8, Compress(pixels, width * bytesPerPixel, bytesPerPixel));
        WriteChunk(output, "IEND"u8, []);
    }

    /// <summary>Filters every row with Sub (each byte less the one of the pixel to its left) and deflates the rows.</summary>
    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int stride, int bytesPerPixel)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var filtered = new byte[1 + stride];
            filtered[0] = FilterSub;
            for (var start = 0; start < pixels.Length; start += stride)
            {
                var row = pixels.Slice(start, stride);
                for (var i = 0; i < row.Length; i++)
                {
                    filtered[1 + i] = i < bytesPerPixel ? row[i] : (byte)(row[i] - row[i - bytesPerPixel]);
                }

                zlib.Write(filtered);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        var checksum = new Crc32();
        checksum.Append(type);
        checksum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        output.Write(number);
    }
}
