// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

/// <summary>Whole epochs through a cache with room for a few shards: exact samples, no dead end, and the limit held.</summary>
public sealed class CacheLimitEpochTests : IAsyncLifetime, IDisposable
{
    private const int Samples = 2000;

    private readonly TemporaryDirectory _directory = new();
    private long _index;
    private long _largest;
    private int _shards;

    private string Remote => _directory.Combine("remote");

    private string Local => _directory.Combine("local");

    private long RoomForFour => (4 * _largest) + _index;

    private long LocalBytes => Directory.EnumerateFiles(Local, "*", SearchOption.AllDirectories)
        .Where(static file => !file.Contains(".torchstreaming", StringComparison.Ordinal))
        .Sum(static file => new FileInfo(file) is { Exists: true } found ? found.Length : 0);

    private long SmallestLimit => Math.Max(4 * _largest, _index + 1);

    public async Task InitializeAsync()
    {
        await SmallDataset.WriteAsync(Remote, Samples, sizeLimit: 6000);
        var path = Path.Combine(Remote, "index.json");
        var index = DatasetIndex.Parse(await File.ReadAllBytesAsync(path), path);
        _index = new FileInfo(path).Length;
        _largest = index.Shards.Max(static shard => shard.RawBytes);
        _shards = index.Shards.Length;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0, 16, 16)]
    [InlineData(2, 16, 64)]
    [InlineData(2, 64, 2000)]
    [InlineData(1, 500, 2000)]
    public void Epoch_Shuffled_DeliversWhatAnUnlimitedCacheDoes(int threads, int batchSize, int predownload)
    {
        var options = new StreamingDatasetOptions { Shuffle = true, BatchSize = batchSize, Predownload = predownload };
        using var whole = StreamingDataset.Open(Remote, options);
        using var limited = StreamingDataset.Open(Remote, options with { Local = Local, CacheLimit = SmallestLimit });
        using var expected = new BatchLoader(whole, new IdAndTextTransform());
        using var loader = new BatchLoader(limited, new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });
        for (var epoch = 0; epoch < 2; epoch++)
        {
            Assert.Equal(Read(expected), Read(loader));
        }

        // A window over the whole epoch leases all of it; the limit holds again when the leases have ended.
        limited.Dispose();
        using var next = StreamingDataset.Open(Remote, options with { Local = Local, CacheLimit = SmallestLimit });
        Assert.InRange(LocalBytes, 1, SmallestLimit);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(2000)]
    public void Epoch_InOrder_HoldsTheLimitAndFetchesEachShardOnce(int predownload)
    {
        var options = new StreamingDatasetOptions { Local = Local, BatchSize = 16, Predownload = predownload, CacheLimit = RoomForFour };
        using var dataset = StreamingDataset.Open(Remote, options);
        using var loader = new BatchLoader(dataset, new IdAndTextTransform());
        var next = 0L;
        foreach (var batch in loader)
        {
            Assert.Equal(Enumerable.Range((int)next, batch.Count).Select(static id => (long)id), batch.SampleIds.ToArray());
            Assert.InRange(LocalBytes, 1, RoomForFour);
            next += batch.Count;
        }

        Assert.Equal(Samples, next);
        Assert.Equal(_shards, dataset.CacheStatistics.DownloadedFiles);
    }

    [Fact]
    public void Epoch_Twice_KeepsWhatIsNeededSoonest()
    {
        // In the same order again and again, the least recently used shard is always the next one: only the future helps.
        var options = new StreamingDatasetOptions { Local = Local, BatchSize = 16, Predownload = 16, CacheLimit = RoomForFour };
        using var dataset = StreamingDataset.Open(Remote, options);
        using var loader = new BatchLoader(dataset, new IdAndTextTransform());
        _ = Read(loader);
        var cold = dataset.CacheStatistics.DownloadedFiles;
        _ = Read(loader);

        Assert.Equal(_shards, cold);
        Assert.InRange(dataset.CacheStatistics.DownloadedFiles - cold, _shards - 4, _shards - 1);
    }

    [Fact]
    public async Task Epoch_FourRanksOnOneDirectory_DeliverEverythingOnceAndHoldTheLimit()
    {
        var options = new StreamingDatasetOptions
        {
            Local = Local,
            Shuffle = true,
            ShuffleBlockSize = 400,
            BatchSize = 10,
            Predownload = 20,
            CacheLimit = RoomForFour,
        };
        var most = 0L;
        var ranks = await Task.WhenAll(Enumerable.Range(0, 4).Select(rank => Task.Run(() =>
        {
            using var dataset = StreamingDataset.Open(Remote, options with { World = new World(1, 4, rank) });
            using var loader = new BatchLoader(dataset, new IdAndTextTransform());
            var ids = new List<long>();
            foreach (var batch in loader)
            {
                ids.AddRange(batch.SampleIds);
                lock (options)
                {
                    most = Math.Max(most, LocalBytes);
                }
            }

            return ids;
        })));

        Assert.Equal(Enumerable.Range(0, Samples).Select(static id => (long)id), ranks.SelectMany(static ids => ids).Order());

        // Each rank may exceed the limit by the shards of its next batch, which here are in two or three.
        Assert.InRange(most, 1, RoomForFour + (4 * 3 * _largest));
    }

    [Fact]
    public void Samples_ByNumber_AreExactWhileALoopRuns()
    {
        var options = new StreamingDatasetOptions { Local = Local, BatchSize = 16, Predownload = 2000, CacheLimit = RoomForFour };
        using var dataset = StreamingDataset.Open(Remote, options);
        using var loader = new BatchLoader(dataset, new IdAndTextTransform());
        var seen = 0;
        foreach (var batch in loader)
        {
            // The far end of the dataset: its shards find no room besides those that the loop has leased ahead.
            using var sample = dataset[-1 - seen];
            Assert.Equal($"text {Samples - 1 - seen}", sample.Get<string>("text"));
            seen += batch.Count;
        }

        Assert.Equal(Samples, seen);
    }

    [Fact]
    public void Epoch_SeveralStreams_ShareTheLimitAndLocalOnesStay()
    {
        var own = _directory.Combine("own");
        Directory.CreateDirectory(own);
        foreach (var file in Directory.GetFiles(Remote))
        {
            File.Copy(file, Path.Combine(own, Path.GetFileName(file)));
        }

        DataStream[] streams =
        [
            new() { Remote = Remote, Local = Path.Combine(Local, "a") },
            new() { Local = own },
            new() { Remote = Remote, Local = Path.Combine(Local, "b") },
        ];
        var limit = RoomForFour + _index;
        using var dataset = StreamingDataset.Open(streams, new() { BatchSize = 16, Predownload = 64, CacheLimit = limit });
        using var loader = new BatchLoader(dataset, new IdAndTextTransform());
        var seen = 0;
        foreach (var batch in loader)
        {
            Assert.InRange(LocalBytes, 1, limit);
            seen += batch.Count;
        }

        Assert.Equal(3 * Samples, seen);
        Assert.Equal(Directory.GetFiles(Remote).Length, Directory.GetFiles(own).Length);
        Assert.InRange(dataset.CacheStatistics.Evictions, (2 * _shards) - 4, long.MaxValue);
    }

    [Fact]
    public async Task Open_LimitThatCannotWork_IsRefusedWithTheNumbers()
    {
        var options = new StreamingDatasetOptions { Local = Local, CacheLimit = (4 * _largest) - 1 };

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await StreamingDataset.OpenAsync(Remote, options));

        Assert.Contains($"{_largest}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{_index}", error.Message, StringComparison.Ordinal);
    }

    private static List<string> Read(BatchLoader loader)
    {
        var batches = new List<string>();
        foreach (var batch in loader)
        {
            batches.Add(string.Join(' ', batch.SampleIds.ToArray()) + Convert.ToHexString(batch.GetValues<byte>("padded")));
        }

        return batches;
    }
}
