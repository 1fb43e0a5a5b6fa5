// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards;

public sealed class ZstdSharpCodecTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(19)]
    public void OpenDecompressor_OfOwnOutput_GivesTheBytesBack(int? level)
    {
        foreach (var size in new[] { 0, 1, 1000, 300_000 })
        {
            var content = MakeContent(size);

            Assert.Equal(content, Decompress(Compress(content, level, size)));
            Assert.Equal(content, Decompress(Compress(content, level, contentSize: null)));
        }
    }

    [Fact]
    public void OpenDecompressor_SeveralFrames_GivesAllOfThem()
    {
        var content = MakeContent(5000);
        byte[] frames = [.. Compress(content, 3, 5000), .. Compress(content, 3, null)];

        Assert.Equal([.. content, .. content], Decompress(frames));
    }

    [Fact]
    public void OpenDecompressor_CutAnywhere_Throws()
    {
        var compressed = Compress(MakeContent(2000), 3, 2000);

        for (var length = 1; length < compressed.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Decompress(compressed[..length]));
        }
    }

    [Fact]
    public async Task OpenDecompressor_DamagedAndReadAsynchronously_Throws()
    {
        var compressed = Compress(MakeContent(2000), 3, 2000);
        compressed[0] ^= 0xFF;
        await using var stream = ZstdSharpCodec.Instance.OpenDecompressor(new MemoryStream(compressed));

        await Assert.ThrowsAsync<InvalidDataException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Fact]
    public void OpenDecompressor_FailingSource_PassesItsErrorOn()
    {
        using var stream = ZstdSharpCodec.Instance.OpenDecompressor(new FailingStream());

        Assert.Throws<IOException>(() => stream.ReadByte());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    public void OpenCompressor_LevelOutOfRange_Throws(int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(level), () => ZstdSharpCodec.Instance.OpenCompressor(Stream.Null, level, null));

    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void OpenDecompressor_ShardsOfTheReference_HaveTheirRecordedHashes()
    {
        var compared = 0;
        var folder = GoldenData.PathOf("streaming", "shards", "compression");
        foreach (var index in Directory.EnumerateFiles(folder, "index.json", SearchOption.AllDirectories))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            foreach (var shard in document.RootElement.GetProperty("shards").EnumerateArray())
            {
                if (shard.TryGetProperty("compression", out var scheme)
                    && scheme.GetString()?.StartsWith("zstd", StringComparison.Ordinal) == true)
                {
                    var path = Path.Combine(Path.GetDirectoryName(index)!, shard.GetProperty("zip_data").GetProperty("basename").GetString()!);
                    if (GoldenData.Has(path))
                    {
                        Compare(shard, path);
                        compared++;
                    }
                }
            }
        }

        GoldenData.AssertMoreThan(10, compared);
    }

    private static void Compare(JsonElement shard, string path)
    {
        var expected = shard.GetProperty("raw_data");
        var content = Decompress(File.ReadAllBytes(path));

        Assert.True(expected.GetProperty("bytes").GetInt64() == content.Length, path);
        var hashes = expected.GetProperty("hashes").EnumerateObject();
        foreach (var recorded in hashes.Where(static entry => ShardHashes.Names.Contains(entry.Name)))
        {
            using var hash = ShardHashes.Create(recorded.Name);
            hash.Append(content);
            Assert.True(recorded.Value.GetString() == hash.GetHexDigest(), $"{recorded.Name} of {path}");
        }
    }

    private static byte[] MakeContent(int size)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < size; i++)
        {
            text.Append("line ").Append(i * 7919).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString()[..size]);
    }

    private static byte[] Compress(byte[] content, int? level, long? contentSize)
    {
        using var output = new MemoryStream();
        using (var stream = ZstdSharpCodec.Instance.OpenCompressor(output, level, contentSize))
        {
            stream.Write(content);
        }

        return output.ToArray();
    }

    private static byte[] Decompress(byte[] compressed)
    {
        using var stream = ZstdSharpCodec.Instance.OpenDecompressor(new MemoryStream(compressed));
        using var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }

    private sealed class FailingStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new IOException("The disk is gone.");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("The disk is gone.");
    }
}
