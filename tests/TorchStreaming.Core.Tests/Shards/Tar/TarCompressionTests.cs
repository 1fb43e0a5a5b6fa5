// SPDX-License-Identifier: MIT

using System.IO.Compression;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Tar;

/// <summary>Compressed tars are read from front to back.</summary>
public sealed class TarCompressionTests
{
    [Theory]
    [InlineData("a.tar", true, null)]
    [InlineData("b/A.TAR", true, null)]
    [InlineData("a.tar.gz", true, "gz")]
    [InlineData("a.tgz", true, "gz")]
    [InlineData("a.tar.zst", true, "zstd")]
    [InlineData("a.tar.bz2", true, "bz2")]
    [InlineData("a.tar.idx", false, null)]
    [InlineData("tar", false, null)]
    public void TryGet_Names_GivesTheFamily(string name, bool isTar, string? family)
    {
        Assert.Equal(isTar, TarCompression.TryGet(name, out var found));
        Assert.Equal(family, found);
    }

    [Fact]
    public async Task Decompress_EveryCodec_GivesTheTar()
    {
        var tar = new TarBytes().Add("a.txt", "hello").Add("b.txt", new string('x', 100_000)).ToArray();
        foreach (var (family, ending) in new[] { ("gz", "tar.gz"), ("br", "tar.br"), ("bz2", "tar.bz2"), ("snappy", "tar.snappy") })
        {
            using var compressed = new MemoryStream();
            using (var compressor = CompressionCodecs.Get(family).OpenCompressor(compressed, null, null))
            {
                compressor.Write(tar);
            }

            var stored = new UnseekableStream(compressed.ToArray());
            var members = await TarContents.ReadStreamAsync(TarCompression.Decompress(stored, $"x.{ending}"), "x");

            Assert.Equal(["a.txt", "b.txt"], members.Select(static member => member.Name));
            Assert.Equal(100_000, members[1].Content.Length);
        }
    }

    [Fact]
    public async Task MoveNextAsync_DamagedOrCutGzip_IsATypedError()
    {
        var tar = new byte[60_000];
        new Random(3).NextBytes(tar);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new TarBytes().Add("a.bin", tar).ToArray());
        }

        var whole = compressed.ToArray();
        var damaged = whole.ToArray();
        damaged[10] ^= 0xFF;
        foreach (var stored in new[] { whole[..30_000], damaged })
        {
            var failure = await Assert.ThrowsAsync<ShardFormatException>(
                () => TarContents.ReadStreamAsync(TarCompression.Decompress(new UnseekableStream(stored), "x.tgz"), "x.tgz").AsTask());
            Assert.NotNull(failure.Location.Offset);
        }
    }
}
