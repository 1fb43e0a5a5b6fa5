// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Tars;

/// <summary>The tar writer's files are tars, WebDataset's samples and a dataset.</summary>
public sealed class TarShardWriterTests : IDisposable
{
    private static readonly string LongKey = $"{new string('l', 120)}/ünï";

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_Samples_AreATarDataSet()
    {
        await WriteAsync(_folder.Combine("out"), 25, new() { MaxCount = 10, Pattern = "train-%03d.tar", StartShard = 2 });

        Assert.Equal(
            ["index.json", "train-002.tar", "train-002.tar.samples", "train-003.tar", "train-003.tar.samples", "train-004.tar", "train-004.tar.samples"],
            Directory.GetFiles(_folder.Combine("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await AssertSamplesAsync(new DataStream { Local = _folder.Combine("out") }, 25);
        await AssertSamplesAsync(new DataStream { Local = _folder.Combine("out", "train-{002..004}.tar") }, 25);
        Assert.False(Directory.Exists(_folder.Combine("out", ".torchstreaming", "tars", "00000000.samples")));
    }

    [Fact]
    public async Task WriteAsync_Copied_FetchesTablesWithTheTars()
    {
        await WriteAsync(_folder.Combine("out"), 12, new() { MaxCount = 5 });
        foreach (var name in new[] { "", "shard-{000000..000002}.tar" })
        {
            var local = _folder.Combine($"copy{name.Length}");
            await AssertSamplesAsync(new DataStream { Remote = Path.Join(_folder.Combine("out"), name), Local = local }, 12);
            Assert.Equal(3, Directory.GetFiles(local, "*.samples").Length);
        }
    }

    [Fact]
    public async Task WriteAsync_Compressed_HasRandomAccessAndIsReadInOrder()
    {
        await WriteAsync(_folder.Combine("out"), 12, new() { MaxCount = 5 }, new() { Compression = "gz:6" });

        await AssertSamplesAsync(new DataStream { Remote = _folder.Combine("out"), Local = _folder.Combine("copy") }, 12);
        var path = _folder.Combine("out", "shard-000000.tar.gz");
        var members = await TarContents.ReadStreamAsync(TarCompression.Decompress(File.OpenRead(path), path), path);
        Assert.Equal("00000.txt", members[0].Name);
    }

    [Fact]
    public async Task WriteAsync_SizeLimit_BeginsTheNextTar()
    {
        await WriteAsync(_folder.Combine("out"), 12, new(), new() { SizeLimit = new ByteSize(10_000) });

        foreach (var tar in Directory.GetFiles(_folder.Combine("out"), "*.tar"))
        {
            Assert.InRange(new FileInfo(tar).Length, 2_000, 10_000);
        }

        await AssertSamplesAsync(new DataStream { Local = _folder.Combine("out") }, 12);
    }

    [Fact]
    public async Task WriteAsync_EqualSamples_GivesEqualBytes()
    {
        await WriteAsync(_folder.Combine("a"), 3, new());
        await WriteAsync(_folder.Combine("b"), 3, new());

        foreach (var name in new[] { "shard-000000.tar", "shard-000000.tar.samples", "index.json" })
        {
            Assert.Equal(File.ReadAllBytes(_folder.Combine("a", name)), File.ReadAllBytes(_folder.Combine("b", name)));
        }
    }

    [Fact]
    public async Task DisposeAsync_WithoutComplete_LeavesNothing()
    {
        await using var store = new InMemoryObjectStore();
        await using (var writer = await TarShardWriter.CreateAsync(DatasetOutput.ToStore(store), ["txt"], new() { MaxCount = 1 }))
        {
            for (var i = 0; i < 5; i++)
            {
                await writer.WriteAsync(SampleOf(i));
            }
        }

        await foreach (var info in store.ListAsync())
        {
            Assert.Fail($"'{info.Key}' stayed.");
        }
    }

    [Fact]
    public async Task CompleteAsync_ToAStore_UploadsEverything()
    {
        await using var store = new InMemoryObjectStore();
        await using var writer = await TarShardWriter.CreateAsync(DatasetOutput.ToStore(store), ["txt", "seg.png"], new() { MaxCount = 2 });
        for (var i = 0; i < 5; i++)
        {
            await writer.WriteAsync(SampleOf(i));
        }

        await writer.CompleteAsync();

        var keys = new List<string>();
        await foreach (var info in store.ListAsync())
        {
            keys.Add(info.Key);
        }

        Assert.Equal(7, keys.Count);
        Assert.Contains("shard-000002.tar", keys);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData(".a")]
    [InlineData("/a")]
    [InlineData("a/../b")]
    [InlineData("a/")]
    [InlineData("__meta__/a")]
    [InlineData("a\0b")]
    public async Task WriteAsync_KeyThatIsNoName_IsRefused(string? key)
    {
        await using var writer = await TarShardWriter.CreateAsync(_folder.Combine("out"), ["txt"]);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await writer.WriteAsync(new Dictionary<string, object?> { ["__key__"] = key, ["txt"] = "x" }));
    }

    [Fact]
    public async Task WriteAsync_SampleThatCannotBeRead_IsRefused()
    {
        await using var writer = await TarShardWriter.CreateAsync(_folder.Combine("out"), ["txt"]);
        await writer.WriteAsync(SampleOf(1));

        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(SampleOf(1)));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await writer.WriteAsync(new Dictionary<string, object?> { ["__key__"] = "k", ["jpg"] = "x" }));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await writer.WriteAsync(new Dictionary<string, object?> { ["__key__"] = "k", ["txt"] = 1 }));
        foreach (var field in new[] { "", "JPG", "a/b", "__key__" })
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await TarShardWriter.CreateAsync(_folder.Combine("other"), [field]));
        }

        foreach (var pattern in new[] { "x.tar", "%06d", "a/%d.tar", "%d-%d.tar", "%99d.tar" })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                async () => await TarShardWriter.CreateAsync(_folder.Combine("other"), ["x"], new() { Pattern = pattern }));
        }
    }

    [ProgramFact("tar")]
    public async Task WriteAsync_Tars_AreReadByGnuTar()
    {
        await WriteAsync(_folder.Combine("out"), 4, new());
        ProgramRun.Run(_folder.Path, "tar", "-xf", "out/shard-000000.tar");

        Assert.Equal("text 0", File.ReadAllText(_folder.Combine("00000.txt")));
        Assert.Equal("text 3", File.ReadAllText(_folder.Combine($"{LongKey}.txt")));
    }

    [ProgramFact("python3")]
    public async Task WriteAsync_Tars_AreReadByPython()
    {
        await WriteAsync(_folder.Combine("out"), 4, new());
        var output = ProgramRun.Run(
            _folder.Path,
            "python3",
            "-c",
            "import sys, tarfile\nfor m in tarfile.open('out/shard-000000.tar'): "
            + "sys.stdout.buffer.write(f'{m.name}|{m.size}|{m.mode:o}|{m.mtime}\\n'.encode('utf-8'))");

        Assert.Contains("00000.txt|6|644|0", output, StringComparison.Ordinal);
        Assert.Contains($"{LongKey}.seg.png|1000|644|0", output, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> SampleOf(int i) => new()
    {
        ["__key__"] = i == 3 ? LongKey : string.Create(CultureInfo.InvariantCulture, $"{i:D5}"),
        ["txt"] = $"text {i}",
        ["seg.png"] = i % 4 == 1 ? null : new byte[1000],
        ["other"] = 1,
    };

    private static async Task WriteAsync(string output, int count, TarShardWriterOptions tars, DatasetWriterOptions? options = null)
    {
        await using var writer = await TarShardWriter.CreateAsync(output, ["txt", "seg.png"], tars, options);
        for (var i = 0; i < count; i++)
        {
            await writer.WriteAsync(SampleOf(i));
        }

        await writer.CompleteAsync();
    }

    private static async Task AssertSamplesAsync(DataStream stream, int count)
    {
        await using var dataset = await StreamingDataset.OpenAsync([stream]);
        Assert.Equal(count, dataset.Count);
        for (var i = 0; i < count; i++)
        {
            using var sample = dataset[i];
            Assert.Equal(SampleOf(i)["__key__"], sample.Get<string>("__key__"));
            Assert.Equal($"text {i}", Encoding.UTF8.GetString(sample.Bytes("txt")));
            Assert.Equal(i % 4 == 1 ? 0 : 1000, sample.Bytes("seg.png").Length);
        }
    }
}
