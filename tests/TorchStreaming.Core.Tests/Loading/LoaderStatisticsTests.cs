// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Loading;

namespace TorchStreaming.Tests.Loading;

public sealed class LoaderStatisticsTests
{
    [Theory]
    [InlineData(0, 0, 0, BottleneckStage.Consumer)]
    [InlineData(1, 2, 1, BottleneckStage.Consumer)]
    [InlineData(1, 30, 2, BottleneckStage.Download)]
    [InlineData(1, 2, 30, BottleneckStage.Decode)]
    [InlineData(30, 2, 1, BottleneckStage.Ordering)]
    public void BottleneckStage_IsTheStageThatWasWaitedForMost(int ordering, int download, int decode, BottleneckStage expected)
    {
        var statistics = Create() with
        {
            Batches = 10,
            Elapsed = TimeSpan.FromSeconds(100),
            OrderingWait = TimeSpan.FromSeconds(ordering),
            DownloadWait = TimeSpan.FromSeconds(download),
            DecodeWait = TimeSpan.FromSeconds(decode),
            ConsumerWait = TimeSpan.FromSeconds(ordering + download + decode),
        };

        Assert.Equal(expected, statistics.BottleneckStage);
    }

    [Fact]
    public void ToString_OfAnEpoch_IsALineForPeople()
    {
        var statistics = Create() with
        {
            Batches = 50,
            Samples = 8000,
            SkippedSamples = 2,
            Elapsed = TimeSpan.FromSeconds(4),
            DownloadWait = TimeSpan.FromSeconds(1),
            ConsumerWait = TimeSpan.FromSeconds(1),
        };

        Assert.Equal(
            "8,000 samples, 2 skipped in 50 batches, 2,000 samples/s; waited 25 % of the time (bottleneck: Download)", statistics.ToString());
    }

    [Fact]
    public void Rates_BeforeAnything_AreZero()
    {
        var statistics = Create();

        Assert.Equal(0, statistics.BytesPerSecond);
        Assert.Equal(0, statistics.SamplesPerSecond);
        Assert.Equal(0, statistics.WaitFraction);
        Assert.Equal(0, statistics.DecodeUtilization);
        Assert.Equal(BottleneckStage.None, statistics.BottleneckStage);
    }

    private static LoaderStatistics Create() => new() { Cache = new CacheStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0) };
}
