// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Faults;

/// <summary>Whole epochs from a server that fails in every way that servers do, by seeded schedules: each delivers the exact ids and
/// texts, or one typed failure after an exact beginning. None is shorter, none hangs.</summary>
/// <remarks><c>TORCHSTREAMING_FAULT_ROUNDS</c> is the number of rounds, <c>TORCHSTREAMING_FAULT_SEED</c> the first one's seed.</remarks>
public sealed class FaultyEpochTests(ITestOutputHelper output) : IDisposable
{
    private const int Samples = 400;
    private const int RoundsInSuite = 18;
    private const int RoundsAtATime = 6;

    // A minute of the engine's passes in a second.
    private const int Haste = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Epoch_ServerFailingBySchedule_IsExactOrOneTypedFailure()
    {
        var rounds = FaultVariables.Get("TORCHSTREAMING_FAULT_ROUNDS", RoundsInSuite);
        var first = FaultVariables.Get("TORCHSTREAMING_FAULT_SEED", 1);
        foreach (var compression in FaultSchedule.Compressions)
        {
            await WriteAsync(compression);
        }

        var watch = Stopwatch.StartNew();
        var failed = 0;
        var faults = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForAsync(first, first + rounds, new ParallelOptions { MaxDegreeOfParallelism = RoundsAtATime }, async (seed, _) =>
        {
            var schedule = new FaultSchedule(seed);
            TorchStreamingException? failure;
            try
            {
                failure = await RunAsync(schedule).WaitAsync(Patience, CancellationToken.None);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{schedule}", error);
            }

            lock (faults)
            {
                output.WriteLine($"{schedule}: {(failure is null ? "exact" : $"{failure.GetType().Name}: {failure.Message}")}");
                failed += failure is null ? 0 : 1;
                foreach (var (fault, count) in schedule.Counts)
                {
                    faults[fault] = faults.GetValueOrDefault(fault) + count;
                }
            }
        });

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds (seeds {first} to {first + rounds - 1}) in {watch.Elapsed.TotalSeconds:0.0} s: {rounds - failed} exact, {failed} "
                + $"typed failures; faults: {string.Join(' ', faults.Select(static pair => $"{pair.Key}={pair.Value}"))}"));
    }

    /// <summary>Runs one round.</summary>
    /// <returns>The failure that something broken for good led to.</returns>
    private async Task<TorchStreamingException?> RunAsync(FaultSchedule schedule)
    {
        var source = Source(schedule.Compression);
        var shards = DatasetIndex.Parse(await File.ReadAllBytesAsync(Path.Combine(source, "index.json")), source).Shards;
        await using var server = await ScriptedHttpServer.StartAsync();
        foreach (var file in Directory.GetFiles(source))
        {
            server.Put(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        schedule.Apply(server, shards);
        Action repair = schedule.IsFatal
            ? schedule.BreakForGood(server, shards, name => File.ReadAllBytes(Path.Combine(source, name)))
            : static () => { };

        var local = _directory.Combine($"local-{schedule.Seed}");
        var expected = Deliver(source, Options(schedule, shards) with { ValidateHash = null, CacheLimit = null }, schedule.Threads);
        Assert.Equal(Samples, expected.Samples.Count);

        var delivered = await Task.Factory.StartNew(
            () => Deliver(server.Address.ToString(), Options(schedule, shards) with { Local = local }, schedule.Threads),
            TaskCreationOptions.LongRunning);
        if (schedule.IsFatal)
        {
            // What came before the failure is what an undisturbed epoch begins with.
            var failure = Assert.IsAssignableFrom<TorchStreamingException>(delivered.Failure);
            Assert.Equal(expected.Samples.Take(delivered.Samples.Count), delivered.Samples);
            repair();
            Assert.Equal(expected.Digest, DeliverAgain().Digest);
            AssertClean(local, shards);
            return failure;
        }

        Assert.Null(delivered.Failure);
        Assert.Equal(expected.Samples, delivered.Samples);
        Assert.Equal(expected.Digest, delivered.Digest);
        AssertClean(local, shards);
        return null;

        DeliveredEpoch DeliverAgain() =>
            Deliver(server.Address.ToString(), Options(schedule, shards) with { Local = local }, schedule.Threads);
    }

    private static StreamingDatasetOptions Options(FaultSchedule schedule, IReadOnlyList<ShardInfo> shards) => new()
    {
        BatchSize = schedule.BatchSize,
        Shuffle = schedule.Shuffle,
        ValidateHash = schedule.HasHash ? "xxh64" : null,
        KeepZip = schedule.KeepZip,
        CacheLimit = schedule.IsLimited ? (4 * shards.Max(static shard => shard.RawBytes + shard.StoredBytes)) + 20_000 : null,
        DownloadRetry = FaultSchedule.Attempts,
        TimeProvider = new HastyTimeProvider(Haste),
        World = World.Single,
    };

    private static DeliveredEpoch Deliver(string location, StreamingDatasetOptions options, int threads)
    {
        using var dataset = StreamingDataset.Open(location, options);
        using var loader = new BatchLoader(dataset, new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });
        return DeliveredEpoch.Read(loader);
    }

    /// <summary>Asserts that nothing is in the cache but whole files.</summary>
    private static void AssertClean(string local, IReadOnlyList<ShardInfo> shards)
    {
        var sizes = shards.SelectMany(static shard => shard.Files).SelectMany(static file => new[] { file.Raw, file.Stored })
            .DistinctBy(static file => file.Basename)
            .ToDictionary(static file => file.Basename, static file => file.Bytes);
        foreach (var file in Directory.GetFiles(local).Where(static file => Path.GetFileName(file) != DatasetIndex.FileName))
        {
            Assert.Equal(sizes[Path.GetFileName(file)], new FileInfo(file).Length);
        }
    }

    private string Source(string? compression) => _directory.Combine($"data-{compression?.Replace(':', '-')}");

    private Task WriteAsync(string? compression) => SmallDataset.WriteAsync(
        Source(compression),
        Samples,
        textLength: 300,
        new DatasetWriterOptions
        {
            CompressionScheme = compression is null ? null : CompressionScheme.Parse(compression),
            Hashes = ["xxh64"],
            SizeLimit = 12_000,
        });
}
