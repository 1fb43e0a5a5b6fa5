// SPDX-License-Identifier: MIT

using System.Diagnostics.Metrics;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Storage;

/// <summary>The instruments of the stage.</summary>
internal static class StorageMetrics
{
    public static readonly Histogram<double> ReadDuration = Telemetry.Meter.CreateHistogram<double>(
        "torchstreaming.storage.read.duration", "s", "How long reads of objects were open, waits and retries included.");

    public static readonly Histogram<long> ReadSize = Telemetry.Meter.CreateHistogram<long>(
        "torchstreaming.storage.read.size", "By", "How many bytes reads of objects gave.");

    public static readonly Counter<long> Retries = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.storage.retries", "{retry}", "How many attempts failed and were made again.");

    public static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.storage.requests", "{request}", "Downloads of files, parts of files and single samples, by kind.");

    public static readonly Counter<long> Hedges = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.storage.hedges", "{request}", "Second requests for parts that took far longer than others.");
}
