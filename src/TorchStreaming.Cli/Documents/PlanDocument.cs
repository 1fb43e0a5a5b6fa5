// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>What <c>plan --json</c> prints.</summary>
internal sealed record PlanDocument(
    long Steps,
    long SimulatedSteps,
    double FirstBatchSeconds,
    double EpochSeconds,
    double SamplesPerSecond,
    double WaitFraction,
    double SteadyWaitFraction,
    long WaitingSteps,
    long EarlyBytes,
    long DownloadedBytes,
    long DownloadedShards,
    double DownloadsPerShard,
    long MostCachedBytes,
    long CacheLimitWithoutRepeats,
    ShuffleDocument Shuffle,
    IEnumerable<string> Advice);

/// <summary>How well the epoch is shuffled: measured, or estimated from so many samples.</summary>
internal sealed record ShuffleDocument(
    double Entropy,
    double EntropyOfFullShuffle,
    double SameShardShare,
    double ShardsPerStretch,
    bool IsEstimate,
    long? EstimatedFromSamples);
