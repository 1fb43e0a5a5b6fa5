// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>What <c>bench --json</c> prints.</summary>
internal sealed record BenchDocument(IEnumerable<TrialDocument> Trials, int SuggestedWorkers);

/// <summary>One number of threads.</summary>
internal sealed record TrialDocument(
    int Threads, double SamplesPerSecond, double BytesPerSecond, string Bottleneck, double FirstBatchSeconds);
