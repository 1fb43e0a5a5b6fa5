// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Tests.Shards.Compression;

public sealed class CompressionCodecTests
{
    public static TheoryData<string> Families => [.. CompressionCodecs.Families];

    [Fact]
    public void Names_AreUpstreams58() => Assert.Equal(58, CompressionCodecs.Names.Length);

    [Fact]
    public void Parse_EveryName_GivesItBack() =>
        Assert.All(CompressionCodecs.Names, static name => Assert.Equal(name, CompressionScheme.Parse(name).ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("zstd:")]
    [InlineData("zstd:0")]
    [InlineData("zstd:23")]
    [InlineData("zstd:07")]
    [InlineData("zstd: 7")]
    [InlineData("snappy:1")]
    [InlineData("bz2:0")]
    [InlineData("lz4")]
    [InlineData("ZSTD")]
    public void Parse_OtherText_IsRefused(string text) => Assert.Throws<ArgumentException>(() => CompressionScheme.Parse(text));

    [Theory]
    [MemberData(nameof(Families))]
    public void Codec_AnyContent_ComesBack(string family)
    {
        foreach (var content in Contents())
        {
            foreach (var scheme in CompressionCodecs.Names.Where(name => name.Split(':')[0] == family && name != "zstd:22"))
            {
                if (content.Length > 100_000 && scheme is not ("zstd" or "gz" or "snappy" or "br:1" or "bz2"))
                {
                    continue;
                }

                Assert.Equal(content, Decompress(family, Compress(CompressionScheme.Parse(scheme), content)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Decompress_DamagedInput_ThrowsInvalidDataOrGivesSomething(string family)
    {
        var random = new Random(7);
        var compressed = Compress(CompressionScheme.Parse(family), [.. Contents().ElementAt(3)]);
        for (var round = 0; round < 300; round++)
        {
            var damaged = compressed.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var length = random.Next(3) == 0 ? random.Next(damaged.Length) : damaged.Length;
            try
            {
                Decompress(family, damaged[..length]);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Compress_Nothing_GivesAWholeStream(string family) => Assert.NotEmpty(Compress(CompressionScheme.Parse(family), []));

    [Fact]
    public void Zstd_WithKnownSize_RecordsIt()
    {
        var compressed = Compress(CompressionScheme.Parse("zstd:3"), new byte[1000]);

        // RFC 8878, section 3.1.1.1: the descriptor's upper two bits tell that a content size follows; 1000 - 256 in two bytes.
        Assert.Equal(0x60, compressed[4] & 0xE0);
        Assert.Equal(1000 - 256, BitConverter.ToUInt16(compressed, 5));
    }

    [Fact]
    public void Zstd_SeveralFrames_AreReadAsOneContent()
    {
        var frame = Compress(CompressionScheme.Parse("zstd"), [1, 2, 3]);

        Assert.Equal([1, 2, 3, 1, 2, 3], Decompress("zstd", [.. frame, .. frame]));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("snappy")]
    [InlineData("bz2")]
    public void Decompress_TruncatedInput_Throws(string family)
    {
        var compressed = Compress(CompressionScheme.Parse(family), [.. Contents().ElementAt(3)]);

        Assert.Throws<InvalidDataException>(() => Decompress(family, compressed[..(compressed.Length / 2)]));
    }

    private static IEnumerable<byte[]> Contents()
    {
        var random = new Random(1);
        yield return [];
        yield return [42];
        yield return new byte[100_000];
        yield return [.. Enumerable.Range(0, 20_000).Select(i => (byte)(random.Next(4) + i / 5000))];
        var noise = new byte[300_000];
        random.NextBytes(noise);
        yield return noise;
        yield return [.. noise, .. new byte[70_000], .. noise];
    }

    private static byte[] Compress(CompressionScheme scheme, byte[] content)
    {
        using var output = new MemoryStream();
        using (var compressor = scheme.Codec.OpenCompressor(output, scheme.Level, content.Length))
        {
            compressor.Write(content);
        }

        return output.ToArray();
    }

    private static byte[] Decompress(string family, byte[] compressed)
    {
        using var decompressor = CompressionCodecs.Get(family).OpenDecompressor(new MemoryStream(compressed));
        using var output = new MemoryStream();
        decompressor.CopyTo(output);
        return output.ToArray();
    }
}
