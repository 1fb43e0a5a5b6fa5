// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Loading;

/// <summary>Counts the samples that an epoch leaves out, logs the first of each kind and says when they are too many.</summary>
/// <remarks>Spent in delivery order by the consumer, so that the batch at which it runs out does not depend on timing.</remarks>
internal sealed class SkipBudget(long allowed, StatisticsCollector statistics, ILogger logger)
{
    private readonly HashSet<string> _logged = [];
    private long _skipped;

    /// <summary>Counts the samples that a batch leaves out.</summary>
    /// <returns>The failure to report when the budget is used up, or <see langword="null"/>.</returns>
    public Exception? Spend(PlannedBatch batch)
    {
        _skipped += batch.SkippedCount;
        statistics.AddSkipped(batch.SkippedCount);
        var first = batch.FirstSkipped!;
        if (_logged.Add((first.InnerException ?? first).GetType().Name))
        {
            Log.SampleSkipped(logger, first.Message, first);
        }

        if (_skipped <= allowed)
        {
            return null;
        }

        Log.SkipBudgetSpent(logger, _skipped, allowed);
        return first is SampleDecodeException placed
            ? new SampleDecodeException(
                placed.Location,
                placed.SampleId,
                $"{placed.Problem} With it {_skipped} samples of the epoch cannot be used and at most {allowed} may be left out: "
                    + $"repair the data, or allow more by {nameof(BatchLoaderOptions.MaxSkippedFraction)}.",
                placed.InnerException)
            : first;
    }
}
