// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class PngDecoderTests
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Decode_GoldenImages_AreThoseOfAnotherReader()
    {
        foreach (var path in Directory.EnumerateFiles(GoldenData.PathOf("imaging"), "*.png").Take(40))
        {
            var expected = PngReader.ReadFile(path);

            Assert.Equal(expected.Pixels, Decode(File.ReadAllBytes(path)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Decode_FewBitsOfGray_AreSpreadToTheWholeRange(int depth)
    {
        const int Width = 11;
        var most = (1 << depth) - 1;
        var row = new byte[(Width * depth + 7) / 8];
        for (var x = 0; x < Width; x++)
        {
            row[x * depth / 8] |= (byte)((x & most) << (8 - depth - (x * depth % 8)));
        }

        var pixels = Decode(Encode(Width, 1, depth, color: 0, [0, .. row]));

        Assert.Equal(Enumerable.Range(0, Width).SelectMany(x => Enumerable.Repeat((byte)((x & most) * 255 / most), 3)), pixels);
    }

    [Fact]
    public void Decode_Palette_GivesColorsOrPlaces()
    {
        var encoded = Encode(3, 1, 8, color: 3, [0, 2, 0, 1], palette: [1, 2, 3, 4, 5, 6, 7, 8, 9]);

        Assert.Equal([7, 8, 9, 1, 2, 3, 4, 5, 6], Decode(encoded));
        Assert.Equal([2, 2, 2, 0, 0, 0, 1, 1, 1], Decode(encoded, new ImageDecoderOptions { KeepsPaletteIndices = true }));
        Assert.Throws<ImageDecodeException>(() => Decode(Encode(1, 1, 8, color: 3, [0, 3], palette: [1, 2, 3, 4, 5, 6, 7, 8, 9])));
    }

    [Fact]
    public void Decode_SixteenBitsAndAlpha_KeepUpperBytesAndColors()
    {
        Assert.Equal([9, 8, 7], Decode(Encode(1, 1, 16, color: 2, [0, 9, 200, 8, 200, 7, 200])));
        Assert.Equal([9, 8, 7], Decode(Encode(1, 1, 8, color: 6, [0, 9, 8, 7, 128])));
        Assert.Equal([9, 9, 9], Decode(Encode(1, 1, 8, color: 4, [0, 9, 128])));
        Assert.Equal([9, 9, 9], Decode(Encode(1, 1, 16, color: 0, [0, 9, 128])));
    }

    [Fact]
    public void Decode_Interlaced_PutsEveryPixelInItsPlace()
    {
        const int Width = 13;
        const int Height = 11;
        var rows = new List<byte>();
        (int X, int Y, int StepX, int StepY)[] passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        foreach (var pass in passes)
        {
            for (var y = pass.Y; y < Height; y += pass.StepY)
            {
                rows.Add(0);
                for (var x = pass.X; x < Width; x += pass.StepX)
                {
                    rows.Add((byte)((y * Width) + x));
                }
            }
        }

        var pixels = Decode(Encode(Width, Height, 8, color: 0, [.. rows], isInterlaced: true));

        Assert.Equal(Enumerable.Range(0, Width * Height).SelectMany(static i => Enumerable.Repeat((byte)i, 3)), pixels);
    }

    [Fact]
    public void Decode_DamagedInAnyWay_IsAnErrorAndNothingElse()
    {
        var whole = File.ReadAllBytes(GoldenData.OwnPathOf("imaging", "src-3.png"));
        for (var length = 8; length < whole.Length; length += 97)
        {
            Assert.Throws<ImageDecodeException>(() => Decode(whole[..length]));
        }

        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(8, damaged.Length - 12)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.Equal(31 * 120 * 3, Decode(damaged).Length);
            }
            catch (ImageDecodeException)
            {
                // Expected, unless only a chunk that does not matter was hit.
            }
        }
    }

    [Fact]
    public void TryReadInfo_HugeHeader_IsRefusedBeforeMemoryIsTaken() =>
        Assert.Throws<ImageDecodeException>(() => Decode(Encode(1 << 19, 1 << 19, 8, color: 2, [0])));

    private static byte[] Decode(byte[] encoded, ImageDecoderOptions? options = null)
    {
        using var decoder = PngDecoderFactory.Instance.Create(options ?? ImageDecoderOptions.Default);
        Assert.True(decoder.TryReadInfo(encoded, out var info));
        var plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), 1);
        var pixels = new byte[plan.Size];
        decoder.Decode(encoded, plan, pixels);
        return pixels;
    }

    private static byte[] Encode(
        int width, int height, int depth, int color, byte[] rows, byte[]? palette = null, bool isInterlaced = false)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, (byte)(isInterlaced ? 1 : 0));
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return
        [
            .. Signature, .. Chunk("IHDR"u8, header), .. palette is null ? [] : Chunk("PLTE"u8, palette),
            .. Chunk("IDAT"u8, data.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] body)
    {
        var chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk, 8);
        var checksum = Crc32.HashToUInt32(chunk.AsSpan(4, 4 + body.Length));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), checksum);
        return chunk;
    }
}
