// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>Shows the progress of work on a cache as that of any other work.</summary>
internal sealed class CacheProgressAdapter(IProgress<ConversionProgress> progress) : IProgress<CacheProgress>
{
    /// <inheritdoc/>
    public void Report(CacheProgress value) =>
        progress.Report(new ConversionProgress(value.Samples, value.TotalSamples, Skipped: 0, value.Bytes));
}
