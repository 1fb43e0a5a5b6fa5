// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Shards.Mds;

public sealed class MdsWriterTests : IDisposable
{
    private static readonly Dictionary<string, string> Columns = new() { ["b"] = "int", ["a"] = "str", ["c"] = "ndarray:uint8" };

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_TheWorkedExample_GivesTheRecordedBytes()
    {
        var options = new DatasetWriterOptions { SizeLimit = null, Hashes = ["sha1"] };
        await using (var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns, options))
        {
            await writer.WriteAsync(new Dictionary<string, object?>
            {
                ["a"] = "hi",
                ["b"] = 7,
                ["c"] = NdArray.Create<byte>([1, 2, 3], 1, 3),
                ["unknown"] = null,
            });
            await writer.WriteAsync(new Dictionary<string, object?> { ["a"] = "", ["b"] = -1, ["c"] = NdArray.Create<byte>([9]) });
            await writer.CompleteAsync();
        }

        var bytes = await File.ReadAllBytesAsync(_folder.Combine("out", "shard.00000.mds"));
        const string samples = "020000000600000068690700000000000000080103010203" + "0000000003000000ffffffffffffffff040109";
        Assert.Equal(samples, Convert.ToHexStringLower(bytes[^43..]));
    }

    [Fact]
    public async Task WriteRowAsync_ColumnsInAnyOrder_GivesTheSameBytes()
    {
        await WriteRows("in-order", ["a", "b", "c"]);
        await WriteRows("reversed", ["c", "b", "a"]);

        Assert.Equal(Hash("in-order"), Hash("reversed"));
    }

    [Fact]
    public async Task WriteRowAsync_AfterAFailedValue_WritesTheValueSetAgain()
    {
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns);
        writer.Row.Set("a", "x");
        Assert.Throws<ArgumentException>(() => writer.Row.Set("c", NdArrayView.Create<int>([1], [1])));
        Assert.Throws<ArgumentException>(() => writer.Row.Set("b", "text"));
        writer.Row.Set("b", 1L);
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteRowAsync());
        writer.Row.Set("c", NdArrayView.Create<byte>([5], [1]));
        await writer.WriteRowAsync();
        await writer.CompleteAsync();

        var bytes = await File.ReadAllBytesAsync(_folder.Combine("out", "shard.00000.mds"));
        Assert.Equal("0100000003000000780100000000000000040105", Convert.ToHexStringLower(bytes[^20..]));
    }

    [Fact]
    public async Task WriteAsync_BytesOfAWrongSize_AreRefused()
    {
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns);

        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await writer.WriteAsync(new Dictionary<string, object?> { ["a"] = "", ["b"] = new byte[4], ["c"] = Array.Empty<byte>() }));
    }

    [Fact]
    public async Task Row_ValuesThatOwnTheirMemory_AreWrittenLikeTheirViews()
    {
        var array = NdArray.Create<float>([1, 2, 3, 4, 5, 6], 2, 3);
        var image = new PilImage(2, 1, "L", new byte[] { 7, 8 });
        byte[][] files = [[1, 2], [3]];
        var columns = new Dictionary<string, string>
        {
            ["array"] = "ndarray", ["fixed"] = "ndarray:float32:2,3", ["image"] = "pil", ["files"] = "list[png]", ["bytes"] = "bytes",
            ["images"] = "list[pil]",
        };
        await using (var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), columns))
        {
            writer.Row.Set("array", array);
            writer.Row.Set("fixed", array);
            writer.Row.Set("image", image);
            writer.Row.Set("files", files);
            writer.Row.Set("bytes", files[0]);
            writer.Row.Set("images", new[] { image, image });
            await writer.WriteRowAsync();
            await writer.CompleteAsync();
        }

        await using var data = await StreamingDataset.OpenAsync(_folder.Combine("out"));
        using var sample = data[0];
        Assert.Equal([1, 2, 3, 4, 5, 6], ((NdArray)sample.GetObject("array")!).AsSpan<float>().ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], ((NdArray)sample.GetObject("fixed")!).AsSpan<float>().ToArray());
        Assert.Equal([7, 8], ((PilImage)sample.GetObject("image")!).Pixels.ToArray());
        Assert.Equal(files, (byte[][])sample.GetObject("files")!);
        Assert.Equal(files[0], sample.Bytes("bytes").ToArray());
        Assert.Equal(2, ((PilImage[])sample.GetObject("images")!).Length);
    }

    [Fact]
    public async Task Row_ClassThatTheEncodingDoesNotTake_NamesTheColumn()
    {
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), new Dictionary<string, string> { ["array"] = "ndarray" });

        Assert.Contains("Column 'array'", Assert.Throws<ArgumentException>(() => writer.Row.Set("array", "text")).Message);
        Assert.Contains("Column 'array'", Assert.Throws<ArgumentException>(() => writer.Row.Set("array", 1)).Message);
    }

    [Fact]
    public async Task DisposeAsync_WithoutComplete_LeavesNothing()
    {
        var options = new DatasetWriterOptions { SizeLimit = 300 };
        await using (var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns, options))
        {
            for (var i = 0; i < 20; i++)
            {
                await writer.WriteAsync(new Dictionary<string, object?> { ["a"] = "text", ["b"] = i, ["c"] = NdArray.Create<byte>([1]) });
            }
        }

        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    [Fact]
    public async Task WriteAsync_ManySamples_ReadBackInOrder()
    {
        var random = new Random(5);
        var texts = Enumerable.Range(0, 500).Select(i => new string((char)('a' + i % 26), random.Next(2000))).ToArray();
        var options = new DatasetWriterOptions { SizeLimit = ByteSize.KiB(64), Hashes = ["md5", "sha1"], MaxConcurrentShards = 2 };
        await using (var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns, options))
        {
            for (var i = 0; i < texts.Length; i++)
            {
                writer.Row.Set("b", (long)i);
                writer.Row.Set("c", NdArrayView.Create<byte>([(byte)i, 2], [2]));
                writer.Row.Set("a", texts[i]);
                await writer.WriteRowAsync();
            }

            await writer.CompleteAsync();
        }

        var index = DatasetIndex.Parse(await File.ReadAllBytesAsync(_folder.Combine("out", "index.json")), "index.json");
        var ranges = new FieldRange[3];
        var next = 0;
        foreach (var shard in index.Shards)
        {
            Assert.True(shard.Files[0].Raw.Bytes <= 64 * 1024);
            using var reader = ShardReaders.Open(shard, [_folder.Combine("out", shard.Files[0].Raw.Basename)]);
            for (var i = 0; i < reader.SampleCount; i++, next++)
            {
                var sample = reader.GetSample(i, ranges);
                Assert.Equal(texts[next], Encoding.UTF8.GetString(sample[0]));
                Assert.Equal(next, FieldEncodings.Get<long>("int").Read(sample[1]));
                var array = FieldEncodings.Get<NdArrayView>("ndarray:uint8").Read(sample[2]);
                Assert.Equal(new byte[] { (byte)next, 2 }, array.Bytes.ToArray());
            }
        }

        Assert.Equal(texts.Length, next);
        Assert.Equal(texts.Length, index.SampleCount);
    }

    [Fact]
    public async Task CreateAsync_DirectoryNotEmpty_IsRefusedUnlessExistOk()
    {
        Directory.CreateDirectory(_folder.Combine("out"));
        await File.WriteAllTextAsync(_folder.Combine("out", "old"), "x");

        await Assert.ThrowsAsync<StorageException>(async () => await MdsWriter.CreateAsync(_folder.Combine("out"), Columns));
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns, new DatasetWriterOptions { ExistOk = true });

        Assert.Empty(Directory.GetFiles(_folder.Combine("out")));
    }

    [Fact]
    public async Task Row_ValueThatDoesNotFit_NamesTheColumn()
    {
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), new Dictionary<string, string> { ["label"] = "uint8" });

        Assert.Contains("'label'", Assert.Throws<ArgumentException>(() => writer.Row.Set("label", "text")).Message, StringComparison.Ordinal);
        Assert.Contains("'label'", Assert.Throws<ArgumentException>(() => writer.Row.Set("lable", 1)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => writer.Row.SetObject(0, 300));
        Assert.Contains("'label'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_FullDisk_SaysSoAndLeavesNothing()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        StorageException error;
        await using (var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns))
        {
            File.CreateSymbolicLink(_folder.Combine("out", "shard.00000.mds"), "/dev/full");
            await writer.WriteAsync(new Dictionary<string, object?> { ["a"] = "text", ["b"] = 1, ["c"] = NdArray.Create<byte>([1]) });

            error = await Assert.ThrowsAsync<StorageException>(async () => await writer.CompleteAsync());
        }

        Assert.Equal(StorageErrorKind.DiskFull, error.Kind);
        Assert.Contains("shard.00000.mds", error.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("out")));
    }

    [Fact]
    public async Task CreateAsync_BelowAFile_NamesTheDirectory()
    {
        await File.WriteAllTextAsync(_folder.Combine("file"), "x");

        var error = await Assert.ThrowsAsync<StorageException>(async () => await MdsWriter.CreateAsync(_folder.Combine("file", "out"), Columns));

        Assert.Contains(_folder.Combine("file", "out"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_DefaultHashes_AreNone()
    {
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine("out"), Columns, new DatasetWriterOptions { Hashes = default });

        Assert.Empty((await writer.CompleteAsync()).Shards);
    }

    private async Task WriteRows(string name, string[] order)
    {
        await using var writer = await MdsWriter.CreateAsync(_folder.Combine(name), Columns);
        for (var i = 0; i < 10; i++)
        {
            foreach (var column in order)
            {
                switch (column)
                {
                    case "a": writer.Row.Set("a", $"text {i}"); break;
                    case "b": writer.Row.Set("b", (long)i); break;
                    default: writer.Row.Set("c", NdArrayView.Create<byte>([(byte)i], [1])); break;
                }
            }

            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    private string Hash(string name) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder.Combine(name, "shard.00000.mds"))));
}
