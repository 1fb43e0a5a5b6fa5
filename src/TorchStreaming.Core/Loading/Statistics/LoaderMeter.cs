// SPDX-License-Identifier: MIT

using System.Diagnostics.Metrics;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Loading;

/// <summary>The loader's instruments, shared by all loaders of the process.</summary>
internal static class LoaderMeter
{
    public static readonly Histogram<double> WaitDuration = Telemetry.Meter.CreateHistogram<double>(
        "torchstreaming.loader.wait.duration", "s", "How long the training loop waited for a batch.");

    public static readonly Counter<long> Samples = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.loader.samples", "{sample}", "Samples handed out.");

    public static readonly Counter<long> Skipped = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.loader.skipped", "{sample}", "Samples left out because they could not be read, decoded or transformed.");
}
