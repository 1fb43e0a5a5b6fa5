// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>What a loader has done since it was made: an immutable snapshot.</summary>
public sealed record LoaderStatistics
{
    /// <summary>Gets the number of batches handed out.</summary>
    public long Batches { get; init; }

    /// <summary>Gets the number of samples handed out.</summary>
    public long Samples { get; init; }

    /// <summary>Gets the number of samples left out because they could not be read, decoded or transformed.</summary>
    public long SkippedSamples { get; init; }

    /// <summary>Gets the encoded bytes of the samples read.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the time from the start of each epoch to its last batch handed out, summed over the epochs.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets how long the loop waited for batches.</summary>
    public TimeSpan ConsumerWait { get; init; }

    /// <summary>Gets the part of <see cref="ConsumerWait"/> in which the order of the next batch was not planned yet.</summary>
    public TimeSpan OrderingWait { get; init; }

    /// <summary>Gets the part of <see cref="ConsumerWait"/> in which the next batch lacked shards.</summary>
    public TimeSpan DownloadWait { get; init; }

    /// <summary>Gets the part of <see cref="ConsumerWait"/> in which the next batch had all its shards and was being filled.</summary>
    public TimeSpan DecodeWait { get; init; }

    /// <summary>Gets the time that threads spent reading, decoding and transforming, summed over the threads.</summary>
    public TimeSpan DecodeBusy { get; init; }

    /// <summary>Gets the number of threads that fill batches; 1 when the loop's own thread does.</summary>
    public int Threads { get; init; }

    /// <summary>Gets what the caches of the dataset have done since it was opened: shards found and fetched, bytes downloaded.</summary>
    public required CacheStatistics Cache { get; init; }

    /// <summary>Gets the encoded bytes read per second of <see cref="Elapsed"/>.</summary>
    public double BytesPerSecond => Rate(Bytes);

    /// <summary>Gets the samples handed out per second of <see cref="Elapsed"/>.</summary>
    public double SamplesPerSecond => Rate(Samples);

    /// <summary>Gets the share of <see cref="Elapsed"/> in which the loop waited, from 0 to 1.</summary>
    public double WaitFraction => Elapsed > TimeSpan.Zero ? Math.Min(1, ConsumerWait / Elapsed) : 0;

    /// <summary>Gets the share of the threads' time that was spent working, from 0 to 1.</summary>
    public double DecodeUtilization => Elapsed > TimeSpan.Zero && Threads > 0 ? Math.Min(1, DecodeBusy / (Elapsed * Threads)) : 0;

    /// <summary>Gets the stage that the loop waited for most, or <see cref="BottleneckStage.Consumer"/> when it waited for less than a
    /// twentieth of the time.</summary>
    public BottleneckStage BottleneckStage
    {
        get
        {
            if (Batches == 0)
            {
                return BottleneckStage.None;
            }

            if (WaitFraction < 0.05)
            {
                return BottleneckStage.Consumer;
            }

            return DownloadWait >= DecodeWait && DownloadWait >= OrderingWait ? BottleneckStage.Download
                : DecodeWait >= OrderingWait ? BottleneckStage.Decode
                : BottleneckStage.Ordering;
        }
    }

    /// <summary>Says the most important in a line, for example <c>800 samples in 50 batches, 1,091 samples/s; waited 14 % of the time
    /// (bottleneck: Download)</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var skipped = SkippedSamples == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {SkippedSamples:N0} skipped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Samples:N0} samples{skipped} in {Batches:N0} batches, {SamplesPerSecond:N0} samples/s; waited {100 * WaitFraction:0} % of the time "
            + $"(bottleneck: {BottleneckStage})");
    }


    private double Rate(long amount) => Elapsed > TimeSpan.Zero ? amount / Elapsed.TotalSeconds : 0;
}
