// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace TorchStreaming.Imaging;

/// <summary>Decodes PNG images: inflates, undoes the rows' filters, and spreads samples to R, G, B. Rows below the region are not looked
/// at, unless the image is interlaced.</summary>
internal sealed class PngDecoder(ImageDecoderOptions options) : IImageDecoder
{
    private static ReadOnlySpan<byte> PassStartX => [0, 4, 0, 2, 0, 1, 0];

    private static ReadOnlySpan<byte> PassStartY => [0, 0, 4, 0, 2, 0, 1];

    private static ReadOnlySpan<byte> PassStepX => [8, 8, 4, 4, 2, 2, 1];

    private static ReadOnlySpan<byte> PassStepY => [8, 8, 8, 4, 4, 2, 2];

    private readonly ScratchBuffer _rows = new();
    private readonly ScratchBuffer _pixels = new();

    public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info)
    {
        info = default;
        if (ImageFormats.Detect(encoded) != ImageFormat.Png)
        {
            return false;
        }

        var header = PngHeader.Read(encoded);
        info = new ImageInfo(header.Width, header.Height, header.Color switch { 0 => 1, 2 or 3 => 3, _ => 4 });
        options.ThrowIfRefused(info);
        return true;
    }

    public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale) =>
        new(info, ImageScale.Full, region, 3);

    public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination)
    {
        var header = PngHeader.Read(encoded);
        var compressed = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            var palette = new PngPalette(header, options.KeepsPaletteIndices);
            var length = ReadChunks(encoded, ref palette, compressed);
            using var zlib = new ZLibStream(new MemoryStream(compressed, 0, length), CompressionMode.Decompress);
            if (header.IsInterlaced)
            {
                DecodePasses(zlib, header, palette, plan, destination);
            }
            else
            {
                DecodeRows(zlib, header, palette, plan, destination);
            }
        }
        catch (InvalidDataException error)
        {
            throw new ImageDecodeException($"The PNG image's data are damaged: {error.Message}", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _pixels.Dispose();
    }

    /// <summary>Checks the chunks that matter, and puts the compressed data together.</summary>
    private static int ReadChunks(ReadOnlySpan<byte> encoded, ref PngPalette palette, byte[] compressed)
    {
        var length = 0;
        for (var rest = encoded[PngHeader.SignatureSize..]; ;)
        {
            if (rest.Length < PngHeader.ChunkOverhead)
            {
                throw new ImageDecodeException("The PNG image ends early.");
            }

            var size = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (size > rest.Length - PngHeader.ChunkOverhead)
            {
                throw new ImageDecodeException("The PNG image ends early.");
            }

            var type = rest.Slice(4, 4);
            var body = rest.Slice(8, (int)size);
            if (char.IsAsciiLetterUpper((char)type[0]))
            {
                if (Crc32.HashToUInt32(rest.Slice(4, 4 + (int)size)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)size)..]))
                {
                    throw new ImageDecodeException("A chunk of the PNG image has the wrong checksum; the image is damaged.");
                }
            }

            if (type.SequenceEqual("IDAT"u8))
            {
                body.CopyTo(compressed.AsSpan(length));
                length += body.Length;
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette.Read(body);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return length;
            }

            rest = rest[(PngHeader.ChunkOverhead + (int)size)..];
        }
    }

    private void DecodeRows(Stream zlib, in PngHeader header, in PngPalette palette, in ImageDecodePlan plan, Span<byte> destination)
    {
        var region = plan.Rectangle;
        var size = header.GetRowSize(header.Width);
        var rows = BeginPass(size);
        var pixels = _pixels.Get(3L * header.Width);
        for (var y = 0; y < region.Bottom; y++)
        {
            var row = ReadRow(zlib, header, rows, size, y);
            if (y >= region.Y)
            {
                palette.Spread(row, header, pixels);
                pixels.Slice(region.X * 3, plan.Stride).CopyTo(destination[((y - region.Y) * plan.Stride)..]);
            }
        }
    }

    private void DecodePasses(Stream zlib, in PngHeader header, in PngPalette palette, in ImageDecodePlan plan, Span<byte> destination)
    {
        var region = plan.Rectangle;
        var pixels = _pixels.Get(3L * header.Width);
        for (var pass = 0; pass < PassStepX.Length; pass++)
        {
            var width = (header.Width - PassStartX[pass] + PassStepX[pass] - 1) / PassStepX[pass];
            if (width <= 0)
            {
                continue;
            }

            var size = header.GetRowSize(width);
            var rows = BeginPass(size);
            for (int y = PassStartY[pass], line = 0; y < header.Height; y += PassStepY[pass], line++)
            {
                palette.Spread(ReadRow(zlib, header, rows, size, line), header, pixels[..(width * 3)]);
                if (y < region.Y || y >= region.Bottom)
                {
                    continue;
                }

                for (int x = PassStartX[pass], i = 0; x < region.Right; x += PassStepX[pass], i += 3)
                {
                    if (x >= region.X)
                    {
                        pixels.Slice(i, 3).CopyTo(destination[(((y - region.Y) * plan.Stride) + ((x - region.X) * 3))..]);
                    }
                }
            }
        }
    }

    /// <summary>Makes room for two rows with their filter bytes; above the first row there are zeros.</summary>
    private Span<byte> BeginPass(int size)
    {
        var rows = _rows.Get(2L * (size + 1));
        rows.Clear();
        return rows;
    }

    private static Span<byte> ReadRow(Stream zlib, in PngHeader header, Span<byte> rows, int size, int number)
    {
        var current = rows.Slice((number & 1) * (size + 1), size + 1);
        var above = rows.Slice((~number & 1) * (size + 1), size + 1)[1..];
        if (zlib.ReadAtLeast(current, current.Length, throwOnEndOfStream: false) < current.Length)
        {
            throw new ImageDecodeException("The PNG image ends early.");
        }

        PngFilter.Undo(current[0], current[1..], above, Math.Max(header.BitsPerPixel / 8, 1));
        return current[1..];
    }
}
