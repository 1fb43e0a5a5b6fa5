// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

/// <summary>Cold starts: the first batches come before their shards, and nothing else about the epoch changes.</summary>
public sealed class SampleFirstTests : IAsyncLifetime, IDisposable
{
    private const int Samples = 160;
    private const int BatchSize = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();
    private readonly TaskCompletionSource _shardsMayCome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedHttpServer _server = null!;

    private string Written => _directory.Combine("written");

    public async Task InitializeAsync()
    {
        _server = await ScriptedHttpServer.StartAsync();
        await WriteAsync(Written, compression: null);
        Serve();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Epoch_ShardsThatDoNotCome_DeliversTheFirstBatches(int threads)
    {
        _server.BeforeAnswer = request => IsWholeShard(request) ? _shardsMayCome.Task : Task.CompletedTask;
        var expected = ReadLocal();
        await using var dataset = await OpenAsync();
        await using var loader = Load(dataset, threads);
        var delivered = new List<Row>();
        await foreach (var batch in loader.ReadEpochAsync().WithCancellation(new CancellationTokenSource(Patience).Token))
        {
            Add(delivered, batch);
            if (delivered.Count == 2 * BatchSize)
            {
                Assert.Equal(0, dataset.CacheStatistics.DownloadedFiles);
                Assert.True(dataset.CacheStatistics.SampleRequests > 0);
                _shardsMayCome.SetResult();
            }
        }

        Assert.Equal(expected, delivered);
        Assert.InRange(dataset.CacheStatistics.SampleRequestBytes, 2 * BatchSize * 40_000, 2 * BatchSize * 100_000);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Epoch_ServerOfFewerTalents_DeliversTheSame(bool honorsRanges, bool sendsTags)
    {
        (_server.HonorsRanges, _server.SendsTags) = (honorsRanges, sendsTags);
        await using var dataset = await OpenAsync();
        await using var loader = Load(dataset, threads: 2);

        Assert.Equal(ReadLocal(), Read(loader));
    }

    [Fact]
    public async Task Epoch_HashToValidate_WaitsForWholeShards()
    {
        await using var dataset = await OpenAsync(new StreamingDatasetOptions { ValidateHash = "xxh64" });
        await using var loader = Load(dataset, threads: 2);

        Assert.Equal(ReadLocal(), Read(loader));
        Assert.Equal(0, dataset.CacheStatistics.SampleRequests);
    }

    [Fact]
    public async Task Epoch_CompressedShards_WaitsForThem()
    {
        Directory.Delete(Written, recursive: true);
        await WriteAsync(Written, CompressionScheme.Parse("zstd"));
        Serve();
        await using var dataset = await OpenAsync();
        await using var loader = Load(dataset, threads: 2);

        Assert.Equal(ReadLocal(), Read(loader));
        Assert.Equal(0, dataset.CacheStatistics.SampleRequests);
    }

    [Fact]
    public async Task Epoch_WarmCache_AsksForNothing()
    {
        // The whole shards come when a sample has: which of the two is faster is up to the machine.
        _server.BeforeAnswer = request => IsWholeShard(request) ? _shardsMayCome.Task : Task.CompletedTask;
        await using (var dataset = await OpenAsync())
        {
            await using var loader = Load(dataset, threads: 2);
            foreach (var _ in loader)
            {
                _shardsMayCome.TrySetResult();
            }

            Assert.True(dataset.CacheStatistics.SampleRequests > 0);
        }

        // A request that was given up may still arrive, so what is counted is what the second dataset misses of a server that is gone.
        await _server.DisposeAsync();
        await using var again = await OpenAsync();
        await using var warm = Load(again, threads: 2);

        Assert.Equal(ReadLocal(), Read(warm));
        Assert.Equal((0, 0, 0), (again.CacheStatistics.DownloadRequests, again.CacheStatistics.SampleRequests, again.CacheStatistics.FailedAttempts));
    }

    [Fact]
    public async Task Epoch_SwitchedOff_WaitsForWholeShards()
    {
        await using var dataset = await OpenAsync();
        await using var loader = Load(dataset, threads: 2, sampleFirst: 0);

        Assert.Equal(ReadLocal(), Read(loader));
        Assert.Equal(0, dataset.CacheStatistics.SampleRequests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Epoch_RandomFaults_DeliversTheSame(int seed)
    {
        var random = new Random(seed);
        foreach (var file in Directory.GetFiles(Written, "*.mds"))
        {
            _server.Script(Path.GetFileName(file), [.. Enumerable.Range(0, 12).Select(_ => NextFault(random))]);
        }

        // Retries wait on a clock whose waits pass at once.
        var options = new StreamingDatasetOptions
        {
            DownloadRetry = 20,
            DownloadTimeout = TimeSpan.FromDays(10),
            TimeProvider = new PassingTimeProvider { PassAtOnce = TimeSpan.FromSeconds(45) },
        };
        await using var dataset = await OpenAsync(options);
        await using var loader = Load(dataset, threads: 2);

        Assert.Equal(ReadLocal(), Read(loader));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 4)]
    [InlineData(12, 60)]
    public async Task Epoch_DamagedTable_IsTheErrorOfTheShard(int offset, int length)
    {
        foreach (var file in Directory.GetFiles(Written, "*.mds"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes.AsSpan(offset, length).Fill(0xEE);
            _server.Put(Path.GetFileName(file), bytes);
        }

        await using var dataset = await OpenAsync();
        await using var loader = Load(dataset, threads: 2);

        var error = Assert.ThrowsAny<TorchStreamingException>(() => Read(loader));
        Assert.IsAssignableFrom<ShardFormatException>(error as ShardFormatException ?? error.InnerException);
    }

    [Fact]
    public async Task Epoch_StoppedDuringTheFirstReads_EndsThem()
    {
        using var forever = new CancellationTokenSource();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.BeforeAnswer = request =>
        {
            if (request.Path.EndsWith(".mds", StringComparison.Ordinal))
            {
                asked.TrySetResult();
                return Task.Delay(Timeout.Infinite, forever.Token);
            }

            return Task.CompletedTask;
        };
        await using var dataset = await OpenAsync();
        var loader = Load(dataset, threads: 2);
        using var cancellation = new CancellationTokenSource();
        var epoch = Task.Run(() => loader.ReadEpoch(cancellation.Token).Count());
        await asked.Task.WaitAsync(Patience);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => epoch.WaitAsync(Patience));
        await loader.DisposeAsync().AsTask().WaitAsync(Patience);
        await forever.CancelAsync();
    }

    private static bool IsWholeShard(RecordedHttpRequest request) =>
        request.Range is null && request.Path.EndsWith(".mds", StringComparison.Ordinal);

    private static HttpFault NextFault(Random random) => random.Next(6) switch
    {
        0 => new HttpFault.Status(503),
        1 => new HttpFault.BreakAfter(random.Next(60_000)),
        2 => new HttpFault.Reset(),
        3 => new HttpFault.Status(429, RetryAfterSeconds: 1),
        _ => new HttpFault.None(),
    };

    private static async Task WriteAsync(string folder, CompressionScheme? compression)
    {
        var columns = new Dictionary<string, string> { ["id"] = "int", ["text"] = "bytes" };
        var options = new DatasetWriterOptions { SizeLimit = 2_000_000, CompressionScheme = compression, Hashes = ["xxh64"] };
        await using var writer = await MdsWriter.CreateAsync(folder, columns, options);
        var random = new Random(3);
        for (var i = 0; i < Samples; i++)
        {
            var text = new byte[40_000 + random.Next(20_000)];
            random.NextBytes(text);
            await writer.WriteAsync(new Dictionary<string, object?> { ["id"] = (long)i, ["text"] = text });
        }

        await writer.CompleteAsync();
    }

    private static BatchLoader Load(StreamingDataset dataset, int threads, int sampleFirst = 2) => new(
        dataset, new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads, SampleFirstBatches = sampleFirst });

    private static List<Row> Read(BatchLoader loader)
    {
        var rows = new List<Row>();
        foreach (var batch in loader)
        {
            Add(rows, batch);
        }

        return rows;
    }

    private static void Add(List<Row> rows, Batch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var digest = System.Security.Cryptography.SHA256.HashData(batch.GetRow("text", row));
            rows.Add(new Row(batch.SampleIds[row], Convert.ToHexString(digest)));
        }
    }

    private void Serve()
    {
        foreach (var file in Directory.GetFiles(Written))
        {
            _server.Put(Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }

    private ValueTask<StreamingDataset> OpenAsync(StreamingDatasetOptions? options = null) => StreamingDataset.OpenAsync(
        _server.Address.ToString(),
        (options ?? new StreamingDatasetOptions()) with { Local = _directory.Combine("local"), BatchSize = BatchSize, Shuffle = true });

    private List<Row> ReadLocal()
    {
        using var dataset = StreamingDataset.Open(Written, new StreamingDatasetOptions { BatchSize = BatchSize, Shuffle = true });
        using var loader = Load(dataset, threads: 1);
        return Read(loader);
    }

    private sealed record Row(long Id, string Digest);
}
