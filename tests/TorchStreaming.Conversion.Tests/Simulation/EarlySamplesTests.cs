// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Loading;

namespace TorchStreaming.Tests.Simulation;

/// <summary>Samples that come ahead of their shards, in virtual time.</summary>
public sealed class EarlySamplesTests
{
    private const int Shards = 20;
    private const int ShardSamples = 100;
    private const long SampleBytes = 100_000;

    [Fact]
    public void Simulate_RawShards_FirstBatchWaitsForItsSamplesAlone()
    {
        var result = RunSimulator.Simulate(Run());

        // The index, the tables, then 10 and 10 samples of 100 KB at 10 MB/s; the first ten are a tenth of a second.
        Assert.InRange(result.FirstBatch.TotalSeconds, 0.3 + 0.1, 0.3 + 0.12);
        Assert.InRange(result.EarlyBytes, 20 * SampleBytes, 21 * SampleBytes);
    }

    [Fact]
    public void Simulate_CompressedShards_FirstBatchWaitsForWholeOnes()
    {
        var run = Run();
        run = run with { DownloadBytes = [.. run.ShardBytes.Select(static bytes => bytes / 2)] };

        var result = RunSimulator.Simulate(run);

        // Ten samples are in several shards of 5 MB, each of which takes half a second.
        Assert.Equal(0, result.EarlyBytes);
        Assert.InRange(result.FirstBatch.TotalSeconds, 2, 10);
        Assert.Equal(result.FirstBatch, RunSimulator.Simulate(run with { FindableSamples = [.. Enumerable.Repeat(false, Shards)] }).FirstBatch);
    }

    [Fact]
    public void Simulate_SampleFirstBatchesOfNone_WaitsForWholeShards()
    {
        var result = RunSimulator.Simulate(Run() with { SampleFirstBatches = 0 });

        Assert.Equal(0, result.EarlyBytes);
        Assert.True(result.FirstBatch > RunSimulator.Simulate(Run()).FirstBatch * 4, $"{result.FirstBatch}");
    }

    [Fact]
    public void Simulate_MoreThanHalfOfAShard_ComesAsTheWholeShard()
    {
        var run = Run();
        run = run with { Order = run.Order with { Shuffle = false, BatchSize = 60 } };

        var result = RunSimulator.Simulate(run);

        // Each of the two batches has 60 samples of a shard of 100, or 40 and 20.
        Assert.InRange(result.EarlyBytes, 60 * SampleBytes, 61 * SampleBytes);
    }

    [Fact]
    public void Simulate_SmallShards_ComeWhole()
    {
        var result = RunSimulator.Simulate(Run() with { ShardBytes = [.. Enumerable.Repeat(1_000_000L, Shards)] });

        Assert.Equal(0, result.EarlyBytes);
    }

    [Fact]
    public void Simulate_CacheOfTheStatedLimit_DownloadsNothingTwice()
    {
        var run = Run();
        var limit = RunSimulator.Simulate(run).LimitWithoutRepeats;

        var result = RunSimulator.Simulate(run with { CacheLimit = limit });

        Assert.Equal(1, result.DownloadsPerShard);
        Assert.InRange(result.MostHeld, 1, limit);
    }

    [Fact]
    public void Simulate_PlannedOnce_GivesWhatPlanningEachGives()
    {
        var run = Run();
        var slow = run with { BytesPerSecond = 1e6, CacheLimit = 150_000_000, Latency = TimeSpan.Zero, Predownload = 200 };

        var planned = PlannedRun.Read(run).Simulate(slow);

        var alone = RunSimulator.Simulate(slow);
        Assert.Equal(alone.Timeline.AsEnumerable(), planned.Timeline);
        Assert.Equal(alone with { Timeline = [] }, planned with { Timeline = [] });
        Assert.Throws<ArgumentException>(() => PlannedRun.Read(run).Simulate(run with { Nodes = 2 }));
    }

    [Fact]
    public void Defaults_AreTheLoaders()
    {
        var loader = new BatchLoaderOptions();

        Assert.Equal(loader.SampleFirstBatches, Run().SampleFirstBatches);
        Assert.Equal(loader.ConcurrentShards, Run().ConcurrentShards);
    }

    private static TrainingRun Run() => new()
    {
        Order = new OrderOptions
        {
            Streams = [new StreamShape { ShardSizes = [.. Enumerable.Repeat(ShardSamples, Shards)] }],
            BatchSize = 10,
            Shuffle = true,
            ShuffleBlockSize = 800,
        },
        ShardBytes = [.. Enumerable.Repeat(ShardSamples * SampleBytes, Shards)],
        StepTime = TimeSpan.FromMilliseconds(10),
        Latency = TimeSpan.FromMilliseconds(100),
        BytesPerSecond = 10e6,
    };
}
