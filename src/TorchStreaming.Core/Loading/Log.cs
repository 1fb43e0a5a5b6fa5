// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Loading;

/// <summary>What the loader logs; event ids 5001 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Epoch {Epoch} started: batches of {BatchSize}, {Threads} threads, {Slots} buffers")]
    public static partial void EpochStarted(ILogger logger, long epoch, int batchSize, int threads, int slots);

    [LoggerMessage(5002, LogLevel.Information, "Epoch {Epoch} ended after {Batches} batches and {Samples} samples")]
    public static partial void EpochEnded(ILogger logger, long epoch, long batches, long samples);

    [LoggerMessage(5003, LogLevel.Warning, "Sample left out (later ones of this kind are only counted): {Problem}")]
    public static partial void SampleSkipped(ILogger logger, string problem, Exception exception);

    [LoggerMessage(5004, LogLevel.Error, "{Skipped} samples were left out in this epoch, {Allowed} are allowed")]
    public static partial void SkipBudgetSpent(ILogger logger, long skipped, long allowed);

    [LoggerMessage(5006, LogLevel.Warning, "{Notice}")]
    public static partial void OrderWarning(ILogger logger, string notice);

    [LoggerMessage(5007, LogLevel.Information, "{Notice}")]
    public static partial void OrderNotice(ILogger logger, string notice);

    [LoggerMessage(5008, LogLevel.Warning, "Predownload is {Predownload} samples, less than a batch of {BatchSize}: shards are asked for hardly "
        + "before they are needed. Give it some batches; the default is eight")]
    public static partial void SmallPredownload(ILogger logger, int predownload, int batchSize);

    [LoggerMessage(5005, LogLevel.Information, "Resuming epoch {Epoch} at sample {Sample}")]
    public static partial void Resuming(ILogger logger, long epoch, long sample);
}
