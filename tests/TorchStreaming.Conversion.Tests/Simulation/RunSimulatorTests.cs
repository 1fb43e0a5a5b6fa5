// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Conversion;

namespace TorchStreaming.Tests.Simulation;

public sealed class RunSimulatorTests
{
    private const int Shards = 40;
    private const int ShardSamples = 100;

    [Fact]
    public void Simulate_LinkIsTheLimit_TakesTheTimeOfTheLink()
    {
        var run = Run(shuffle: false) with { BytesPerSecond = 1_000, StepTime = TimeSpan.FromMilliseconds(1) };

        var result = RunSimulator.Simulate(run);

        // Shards of 1,000 bytes come one a second; ten steps read one.
        Assert.Equal(1, result.FirstBatch.TotalSeconds, 6);
        Assert.InRange(result.Elapsed.TotalSeconds, Shards, Shards * 1.005);
        Assert.Equal(Shards * 1_000, result.Downloaded);
        Assert.Equal(Shards, result.WaitingSteps);
        Assert.InRange(result.WaitFraction, 0.98, 1);
    }

    [Fact]
    public void Simulate_DevicesAreTheLimit_WaitsForTheFirstBatchAlone()
    {
        var result = RunSimulator.Simulate(Run(shuffle: true) with { BytesPerSecond = 1e9, StepTime = TimeSpan.FromSeconds(1) });

        Assert.Equal(1, result.WaitingSteps);
        Assert.Equal(result.FirstBatch, result.Waited);
        Assert.Equal(10, result.SamplesPerSecond, 3);
        Assert.Equal(result.Elapsed, result.Epoch);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 1)]
    public void Simulate_CacheOfTheStatedLimit_DownloadsNothingTwice(int nodes, int ranks)
    {
        var run = Run(shuffle: true) with { Nodes = nodes, RanksPerNode = ranks };
        var limit = RunSimulator.Simulate(run).LimitWithoutRepeats;

        var result = RunSimulator.Simulate(run with { CacheLimit = limit });

        Assert.Equal(1, result.DownloadsPerShard);
        Assert.InRange(result.MostHeld, 1, limit);
    }

    [Fact]
    public void Simulate_CacheOfLess_DownloadsMoreAndKeepsTheLimit()
    {
        var run = Run(shuffle: true);
        run = run with { Order = run.Order with { ShuffleBlockSize = 4_000 } };
        var limit = RunSimulator.Simulate(run).LimitWithoutRepeats / 2;

        var result = RunSimulator.Simulate(run with { CacheLimit = limit });

        Assert.True(result.DownloadsPerShard > 1, $"{result.DownloadsPerShard}");
        Assert.InRange(result.MostHeld, 1, limit);
    }

    [Fact]
    public void Simulate_CacheThatDoesNotHoldAStep_SaysWhatItNeeds()
    {
        var error = Assert.Throws<ArgumentException>(() => RunSimulator.Simulate(Run(shuffle: true) with { CacheLimit = 1_500 }));

        Assert.Contains("does not hold the", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Simulate_PartOfAnEpoch_GoesOnAtItsPace()
    {
        var run = Run(shuffle: false) with { StepTime = TimeSpan.FromSeconds(1), BytesPerSecond = 1e9, MostSamples = 1_000 };

        var result = RunSimulator.Simulate(run);

        Assert.Equal(100, result.Steps);
        Assert.Equal(400, result.StepsOfEpoch);
        Assert.Equal(400, result.Epoch.TotalSeconds, 3);
    }

    [Fact]
    public void Simulate_Twice_GivesTheSame()
    {
        var run = Run(shuffle: true) with { Nodes = 2, BytesPerSecond = 3_000, CacheLimit = 20_000 };

        var (first, second) = (RunSimulator.Simulate(run), RunSimulator.Simulate(run));

        Assert.Equal(first.Timeline.AsEnumerable(), second.Timeline);
        Assert.Equal(first with { Timeline = [] }, second with { Timeline = [] });
    }

    /// <summary>What lets a node be simulated as one rank: step by step its ranks together have that rank's samples.</summary>
    [Theory]
    [InlineData(PartitionAlgorithm.Relaxed)]
    [InlineData(PartitionAlgorithm.Orig)]
    public void RanksOfANode_TogetherInEachStep_HaveTheSamplesOfOneRankWithAllTheirBatches(PartitionAlgorithm partition)
    {
        var options = Run(shuffle: true).Order with { PartitionAlgorithm = partition, NumCanonicalNodes = 2 };
        var whole = new SampleOrder(options with { BatchSize = 20 });
        var parts = new SampleOrder(options);
        for (var node = 0; node < 2; node++)
        {
            var expected = ReadBatches(whole, new World(2, 1, node));
            var first = ReadBatches(parts, new World(2, 2, 2 * node));
            var second = ReadBatches(parts, new World(2, 2, (2 * node) + 1));
            Assert.Equal(expected.Count, first.Count);
            for (var step = 0; step < expected.Count; step++)
            {
                Assert.Equal(expected[step].Order(), first[step].Concat(second[step]).Order());
            }
        }
    }

    [Fact]
    public void Simulate_SizesThatDoNotFitTheStreams_AreRefused() =>
        Assert.Throws<ArgumentException>(() => RunSimulator.Simulate(Run(shuffle: false) with { ShardBytes = [1, 2] }));

    private static List<long[]> ReadBatches(SampleOrder order, World world)
    {
        var cursor = order.PlanEpoch(world, order.GetStartOfEpoch(world, 0)).OpenCursor();
        var batch = new long[order.Options.BatchSize];
        var batches = new List<long[]>();
        while (cursor.ReadBatch(batch) is var length and > 0)
        {
            batches.Add(batch[..length]);
        }

        return batches;
    }

    private static TrainingRun Run(bool shuffle) => new()
    {
        Order = new OrderOptions
        {
            Streams = [new StreamShape { ShardSizes = [.. Enumerable.Repeat(ShardSamples, Shards)] }],
            BatchSize = 10,
            Shuffle = shuffle,
            ShuffleBlockSize = 800,
        },
        ShardBytes = [.. Enumerable.Repeat(1_000L, Shards)],
        StepTime = TimeSpan.FromMilliseconds(10),
        BytesPerSecond = 100_000,
    };
}
