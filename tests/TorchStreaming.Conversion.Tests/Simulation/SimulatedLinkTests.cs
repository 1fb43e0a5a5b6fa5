// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Simulation;

public sealed class SimulatedLinkTests
{
    private const int Part = 4 << 20;

    [Fact]
    public void Read_OneRequest_TakesItsLatencyAndItsBytes()
    {
        var link = Link(TimeSpan.FromSeconds(2), bytesPerSecond: 1_000);

        Assert.Equal(3 + 2 + 5, link.Read(5_000, asked: 3), 9);
        Assert.Equal(5_000, link.GetArrived(10));
        Assert.Equal(2_000, link.GetArrived(7));
    }

    [Fact]
    public void Download_SeveralParts_PayTheLatencyTogetherOnceRangesAreKnown()
    {
        var link = Link(TimeSpan.FromMilliseconds(100), bytesPerSecond: Part);

        // The first part of the first file shows that the store knows ranges; a second latency follows.
        Assert.Equal(0.1 + 1 + 0.1 + 3, link.Download(4L * Part, 0), 9);
        Assert.Equal(4.2 + 4, link.Download(4L * Part, 0), 9);
    }

    [Fact]
    public void Download_SmallFiles_AreHeldUpByHowManyAreAskedForAtATime()
    {
        var link = Link(TimeSpan.FromSeconds(1), bytesPerSecond: 1e12, concurrentShards: 4);

        var ends = Enumerable.Range(0, 12).Select(_ => Math.Round(link.Download(1_000, 0), 6)).ToArray();

        // Four in each second, after the first one: that shows whether the store knows ranges, and is no part.
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], ends);
    }

    [Fact]
    public void Read_ManySmallRanges_AreHeldUpByTheRequestsThatAProcessHas()
    {
        var link = Link(TimeSpan.FromSeconds(10), bytesPerSecond: 1e15);

        var ends = Enumerable.Range(0, 129).Select(_ => Math.Round(link.Read(1_000, 0), 6)).ToArray();

        Assert.All(ends[..128], static end => Assert.Equal(10, end));
        Assert.Equal(20, ends[128]);
    }

    [Fact]
    public void Download_LongFastLink_CarriesWhatTheLargestWindowAllows()
    {
        var link = Link(TimeSpan.FromSeconds(1), bytesPerSecond: 1e12);

        // 256 MiB are under way at most; each window waits a second.
        var end = link.Download(1L << 30, 0);

        Assert.InRange(end, 4.9, 5.2);
    }

    private static SimulatedLink Link(TimeSpan latency, double bytesPerSecond, int concurrentShards = 16) => new(new TrainingRun
    {
        Order = new OrderOptions { Streams = [new StreamShape { ShardSizes = [1] }], BatchSize = 1 },
        ShardBytes = [1],
        StepTime = TimeSpan.Zero,
        Latency = latency,
        BytesPerSecond = bytesPerSecond,
        ConcurrentShards = concurrentShards,
    });
}
