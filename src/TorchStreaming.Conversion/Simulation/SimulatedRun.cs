// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming.Conversion;

/// <summary>What a simulated epoch is like. Immutable.</summary>
public sealed record SimulatedRun
{
    /// <summary>Gets the steps that were simulated.</summary>
    public required int Steps { get; init; }

    /// <summary>Gets the steps of the whole epoch.</summary>
    public required long StepsOfEpoch { get; init; }

    /// <summary>Gets the time to the first batch, from opening the dataset with nothing in its cache.</summary>
    public required TimeSpan FirstBatch { get; init; }

    /// <summary>Gets the time of the simulated steps.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets the time of the epoch: simulated where it was, then at the pace of the simulated steps' second half.</summary>
    public required TimeSpan Epoch { get; init; }

    /// <summary>Gets how long the devices waited for data in the simulated steps, the first batch included.</summary>
    public required TimeSpan Waited { get; init; }

    /// <summary>Gets how many steps waited.</summary>
    public required int WaitingSteps { get; init; }

    /// <summary>Gets the samples per second over all ranks, the first batch not counted.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Gets the bytes of the samples that came ahead of their shards, in all nodes; most travel a second time with
    /// them.</summary>
    public required long EarlyBytes { get; init; }

    /// <summary>Gets the bytes of shards that all nodes downloaded in the simulated steps.</summary>
    public required long Downloaded { get; init; }

    /// <summary>Gets how many shards all nodes downloaded.</summary>
    public required long DownloadedShards { get; init; }

    /// <summary>Gets how many different shards the nodes needed, each node counting its own.</summary>
    public required long NeededShards { get; init; }

    /// <summary>Gets the most bytes that a node's cache held.</summary>
    public required long MostHeld { get; init; }

    /// <summary>Gets the bytes that a node's cache must hold so that no shard is downloaded twice: the most, over the steps, of shards
    /// between the time they are fetched ahead and their last use.</summary>
    public required long LimitWithoutRepeats { get; init; }

    /// <summary>Gets the measures of the shuffle.</summary>
    internal ShuffleEstimate Shuffle { get; init; } = new(new OrderQuality(0, 0, 0, 0), 0, 0);

    /// <summary>Gets how well the order is shuffled, judged by the beginning of the first node's part.</summary>
    public OrderQuality ShuffleQuality => Shuffle.Quality;

    /// <summary>Gets its entropy as a share of a full shuffle's; about 1 is as good as it gets.</summary>
    public double ShuffleShareOfFull => Shuffle.ShareOfFull;

    /// <summary>Gets some of the steps, evenly over the run, for a plot.</summary>
    internal ImmutableArray<SimulatedStep> Timeline { get; init; } = [];

    /// <summary>Gets the share of the simulated time in which the devices waited, from 0 to 1.</summary>
    public double WaitFraction => Elapsed > TimeSpan.Zero ? Waited / Elapsed : 0;

    /// <summary>Gets the share of the time after the first batch in which the devices waited, from 0 to 1.</summary>
    public double SteadyWaitFraction => Elapsed > FirstBatch ? Math.Max(0, (Waited - FirstBatch) / (Elapsed - FirstBatch)) : 0;

    /// <summary>Gets how often the average needed shard was downloaded; 1 is the minimum.</summary>
    public double DownloadsPerShard => NeededShards == 0 ? 0 : (double)DownloadedShards / NeededShards;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Counted.Of(StepsOfEpoch, "step")} in {TimeSpan.FromSeconds(Math.Round(Epoch.TotalSeconds)):c}, {SamplesPerSecond:N0} samples/s; "
        + $"waited {100 * WaitFraction:0.#} % of {Counted.Of(Steps, "simulated step")}, downloaded {new ByteSize(Downloaded)}");
}
