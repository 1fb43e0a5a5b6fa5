// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests;

public sealed class StreamingDatasetTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task GetSample_AnyNumber_LendsItsColumns()
    {
        await SmallDataset.WriteAsync(_directory.Combine("a"), 50);
        await SmallDataset.WriteAsync(_directory.Combine("b"), 20, firstId: 100);
        await using var dataset = await StreamingDataset.OpenAsync(
            [new DataStream { Local = _directory.Combine("a") }, new DataStream { Local = _directory.Combine("b") }]);

        Assert.Equal(70, dataset.Count);
        foreach (var (index, id) in new[] { (0L, 0L), (49, 49), (50, 100), (69, 119), (-1, 119), (-70, 0), (-20, 100) })
        {
            using var sample = dataset[index];
            Assert.Equal(id, sample.Get<long>("id"));
            Assert.Equal($"text {id}", sample.Get<string>("text"));
            Assert.Equal($"text {id}", sample.GetObject("text"));
            Assert.Equal(BitConverter.GetBytes(id), sample.Bytes("id").ToArray());
            Assert.Equal(index < 0 ? index + 70 : index, sample.Id);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[70]);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[-71]);
    }

    [Fact]
    public async Task Sample_WrongColumnTypeOrTime_Throws()
    {
        await SmallDataset.WriteAsync(_directory.Combine("a"), 3);
        using var dataset = StreamingDataset.Open(_directory.Combine("a"));
        var sample = dataset[1];

        Assert.Contains("'id'", Assert.Throws<ArgumentException>(() => sample.Bytes("x").Length).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => sample.Get<string>("id"));
        sample.Dispose();
        sample.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sample.Bytes("id").Length);
    }

    [Fact]
    public async Task Open_DirectoryWithoutLocal_IsReadInPlace()
    {
        await SmallDataset.WriteAsync(_directory.Combine("a", "train"), 10);
        using var dataset = StreamingDataset.Open(_directory.Combine("a"), new() { Split = "train" });

        Assert.Equal(10, dataset.Count);
        Assert.Equal(_directory.Combine("a", "train"), Assert.Single(dataset.LocalDirectories));
    }

    [Fact]
    public async Task Open_RemoteTwice_UsesTheLocalCopy()
    {
        await SmallDataset.WriteAsync(_directory.Combine("remote", "train"), 30);
        var options = new StreamingDatasetOptions { Local = _directory.Combine("local"), Split = "train", BatchSize = 4 };
        using (var first = StreamingDataset.Open(_directory.Combine("remote"), options))
        using (var loader = new BatchLoader(first, new ColumnSet(new ScalarColumn("id"))))
        {
            Assert.Equal(30, loader.Sum(static batch => batch.Count));
        }

        Directory.Delete(_directory.Combine("remote"), recursive: true);
        using var second = StreamingDataset.Open(_directory.Combine("remote"), options);
        using var sample = second[29];
        Assert.Equal(29, sample.Get<long>("id"));
    }

    [Fact]
    public async Task Open_RegisteredScheme_UsesItsStore()
    {
        await SmallDataset.WriteAsync(_directory.Combine("source"), 5);
        var stores = new ObjectStoreResolver();
        stores.Register("test", (location, _) =>
        {
            Assert.Equal("test://bucket/data/val", location);
            return new LocalObjectStore(_directory.Combine("source"));
        });
        using var dataset = StreamingDataset.Open(
            "test://bucket/data", new() { Split = "val", Local = _directory.Combine("local"), Stores = stores });

        Assert.Equal(_directory.Combine("local", "val"), Assert.Single(dataset.LocalDirectories));
    }

    [Fact]
    public void Open_WithoutIndex_SaysWhereItIsMissing()
    {
        var exception = Assert.Throws<StorageException>(() => StreamingDataset.Open(_directory.Path));

        Assert.Equal(StorageErrorKind.NotFound, exception.Kind);
        Assert.Contains(Path.Combine(_directory.Path, "index.json"), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedIndex_ThrowsWithThePlace()
    {
        File.WriteAllText(_directory.Combine("index.json"), "{\"shards\": [");

        var exception = Assert.ThrowsAny<ShardFormatException>(() => StreamingDataset.Open(_directory.Path));

        Assert.Contains("index.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithoutSamples_Throws()
    {
        File.WriteAllText(_directory.Combine("index.json"), """{"shards": [], "version": 2}""");

        var exception = Assert.Throws<ShardFormatException>(() => StreamingDataset.Open(_directory.Path));

        Assert.Contains("without any sample", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OptionOutOfRange_ThrowsBeforeAnythingIsRead()
    {
        AssertArgument(new() { BatchSize = 0 }, "BatchSize");
        AssertArgument(new() { DownloadRetry = 0 }, "DownloadRetry");
        AssertArgument(new() { DownloadTimeout = TimeSpan.Zero }, "DownloadTimeout");
        AssertArgument(new() { EpochSize = -1 }, "EpochSize");
        AssertArgument(new() { Predownload = 0 }, "Predownload");
        AssertArgument(new() { NumCanonicalNodes = 0 }, "NumCanonicalNodes");
        AssertArgument(new() { ShuffleBlockSize = 0 }, "ShuffleBlockSize");
        AssertArgument(new() { SamplingGranularity = 0 }, "SamplingGranularity");
        AssertArgument(new() { ShuffleAlgorithm = (ShuffleAlgorithm)99 }, "ShuffleAlgorithm");
        AssertArgument(new() { Replication = 3, World = new World(1, 4, 0) }, "3");
        AssertArgument(new() { Split = "../other" }, "../other");
        AssertArgument(new() { CacheLimit = -1L }, "CacheLimit");
        AssertArgument(new() { ValidateHash = "crc99" }, "xxh64");
        AssertThrows<NotSupportedException>(new() { AllowUnsafeTypes = true }, "AllowUnsafeTypes");

        static void AssertArgument(StreamingDatasetOptions options, string name) => AssertThrows<ArgumentException>(options, name);

        // Thrown at the call, not by the task.
        static void AssertThrows<T>(StreamingDatasetOptions options, string name)
            where T : Exception
        {
            var exception = Assert.ThrowsAny<T>(() => { _ = StreamingDataset.OpenAsync("/nowhere", options).AsTask(); });
            Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_StreamsThatMakeNoSense_Throws()
    {
        Throws([]);
        Throws([new DataStream()]);
        Throws([new DataStream { Local = "/a", Proportion = 1, Repeat = 2 }]);
        Throws([new DataStream { Local = "/a", Proportion = -1 }]);
        Throws([new DataStream { Local = "/a", Proportion = double.NaN }]);
        Throws([new DataStream { Local = "/a", Choose = -1 }]);
        Throws([new DataStream { Local = "/a", DownloadRetry = 0 }]);
        Throws([new DataStream { Local = "/a" }, new DataStream { Local = "/a/" }]);
        Throws([new DataStream { Local = "/a", Proportion = 1 }, new DataStream { Local = "/b", Repeat = 1 }]);

        static void Throws(DataStream[] streams) =>
            Assert.ThrowsAny<ArgumentException>(() => { _ = StreamingDataset.OpenAsync(streams).AsTask(); });
    }

    [Fact]
    public void GetDefaultLocal_SameRemote_IsTheSameInEveryRun()
    {
        var local = StreamingDataset.GetDefaultLocal("s3://bucket/data");

        Assert.Equal(local, StreamingDataset.GetDefaultLocal("s3://bucket/data/"));
        Assert.NotEqual(local, StreamingDataset.GetDefaultLocal("s3://bucket/other"));
        Assert.True(Path.IsPathRooted(local));
    }

    [Fact]
    public async Task Loader_WithoutAnyBatchSize_SaysWhereToSetIt()
    {
        await SmallDataset.WriteAsync(_directory.Combine("a"), 3);
        using var dataset = StreamingDataset.Open(_directory.Combine("a"));
        var transform = new ColumnSet(new ScalarColumn("id"));

        var exception = Assert.Throws<ArgumentException>(() => new BatchLoader(dataset, transform));
        Assert.Contains("BatchSize", exception.Message, StringComparison.Ordinal);
        using var loader = new BatchLoader(dataset, transform, new() { BatchSize = 2 });
        Assert.Equal([2, 1], loader.Select(static batch => batch.Count));
    }

    [Fact]
    public async Task Loader_ColumnThatIsNotThere_FailsBeforeTheFirstBatch()
    {
        await SmallDataset.WriteAsync(_directory.Combine("a"), 3);
        using var dataset = StreamingDataset.Open(_directory.Combine("a"), new() { BatchSize = 2 });

        Assert.Contains("'label'", Assert.Throws<ArgumentException>(
            () => new BatchLoader(dataset, new ColumnSet(new ScalarColumn("label")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loader_TruncatedShard_NamesIt()
    {
        await SmallDataset.WriteAsync(_directory.Combine("remote"), 30);
        var shard = _directory.Combine("remote", "shard.00001.mds");
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^7]);
        using var dataset = StreamingDataset.Open(
            _directory.Combine("remote"), new() { Local = _directory.Combine("local"), BatchSize = 4, DownloadRetry = 1 });
        using var loader = new BatchLoader(dataset, new ColumnSet(new ScalarColumn("id")), new() { NumWorkers = 2 });

        var exception = Assert.ThrowsAny<TorchStreamingException>(() => loader.Sum(static batch => batch.Count));

        Assert.Contains("shard.00001.mds", exception.Message, StringComparison.Ordinal);
        Assert.True(loader.Statistics.Batches >= 1);
        Assert.False(File.Exists(_directory.Combine("local", "shard.00001.mds")));
    }

    [Fact]
    public async Task LoadStateDict_OfAnotherDataSet_Throws()
    {
        await SmallDataset.WriteAsync(_directory.Combine("a"), 30);
        await SmallDataset.WriteAsync(_directory.Combine("b"), 31);
        using var a = StreamingDataset.Open(_directory.Combine("a"), new() { BatchSize = 4 });
        using var b = StreamingDataset.Open(_directory.Combine("b"), new() { BatchSize = 4 });
        using var loaderA = new BatchLoader(a, new ColumnSet(new ScalarColumn("id")));
        using var loaderB = new BatchLoader(b, new ColumnSet(new ScalarColumn("id")));
        _ = loaderA.First();

        loaderB.LoadStateDict(loaderA.StateDict());

        Assert.Throws<ResumeException>(() => loaderB.First());
    }
}
