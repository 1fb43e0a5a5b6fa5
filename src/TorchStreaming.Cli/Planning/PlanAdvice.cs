// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>What a person would say on seeing a simulated run. Advice is tried in another simulation of the same epoch before it is
/// given, and says what came of it.</summary>
/// <param name="planned">The epoch.</param>
/// <param name="run">What was simulated.</param>
/// <param name="result">What it is like.</param>
internal sealed class PlanAdvice(PlannedRun planned, TrainingRun run, SimulatedRun result)
{
    // Below this share of waiting there is nothing to gain.
    private const double Bearable = 0.02;
    private const int MostDoublings = 5;
    private const double Once = 1.01;

    private readonly double _neededRate = run.StepTime == TimeSpan.Zero
        ? double.PositiveInfinity
        : result.Downloaded / Math.Max(1, result.DownloadsPerShard) / run.Nodes / (result.Steps * run.StepTime.TotalSeconds);

    /// <summary>Gets the limit under which nothing comes twice; a cache refuses one below four of the largest shards.</summary>
    private long EnoughCache => Math.Max(result.LimitWithoutRepeats, 4 * run.ShardBytes.Select(GetKeptBytes).DefaultIfEmpty(0).Max());

    /// <summary>Gives advice, the weightiest first.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    public IEnumerable<string> Give(CancellationToken cancellationToken)
    {
        var waits = result.SteadyWaitFraction > Bearable;
        if (AdviseOnFirstBatch(cancellationToken) is { } first)
        {
            yield return first;
        }

        yield return AdviseOnCache(cancellationToken);
        if (waits && _neededRate > run.BytesPerSecond)
        {
            yield return AdviseOnLink(cancellationToken);
        }
        else if (waits && result.DownloadsPerShard <= Once)
        {
            yield return AdviseOnLookAhead(cancellationToken);
        }

        if (result.WaitFraction <= Bearable && result.DownloadsPerShard <= Once)
        {
            yield return "The devices hardly wait: nothing to do.";
        }
    }

    private string? AdviseOnFirstBatch(CancellationToken cancellationToken)
    {
        if (result.FirstBatch < TimeSpan.FromSeconds(2) && result.FirstBatch < result.Epoch * 0.1)
        {
            return null;
        }

        var what = string.Create(
            CultureInfo.InvariantCulture, $"The first batch takes {PlanReport.Time(result.FirstBatch)} with an empty cache.");
        var ranges = Try(run with { DownloadBytes = default, FindableSamples = default }, cancellationToken);
        return ranges is { } && ranges.FirstBatch < result.FirstBatch * 0.8
            ? $"{what} From uncompressed MDS shards, whose first samples come ahead of them, it would take {PlanReport.Time(ranges.FirstBatch)}."
            : $"{what} A smaller batch, or more bandwidth, is what shortens it.";
    }

    private string AdviseOnLink(CancellationToken cancellationToken)
    {
        if (double.IsPositiveInfinity(_neededRate))
        {
            return $"The link is the limit: the devices take no time, and each node has {Rate(run.BytesPerSecond)}.";
        }

        var text = $"The link is the limit: each node would need {Rate(_neededRate)} and has {Rate(run.BytesPerSecond)}.";
        if (Try(run with { BytesPerSecond = _neededRate * 1.1 }, cancellationToken) is { } faster)
        {
            text += $" With {Rate(_neededRate * 1.1)} the devices would wait {Share(faster)} of the time.";
        }

        var part = run.BytesPerSecond / _neededRate / 1.1;
        var smaller = run with
        {
            DownloadBytes = [.. (run.DownloadBytes.IsDefault ? run.ShardBytes : run.DownloadBytes).Select(bytes => (long)(part * bytes))],
            FindableSamples = default,
        };
        return Try(smaller, cancellationToken) is { } compressed
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{text} Compressed to {part:P0} of the bytes they have now, shards would let them wait {Share(compressed)}.")
            : text;
    }

    private string AdviseOnLookAhead(CancellationToken cancellationToken)
    {
        var predownload = run.Predownload ?? 8 * run.Order.BatchSize;
        if (FindBest(i => run with { Predownload = Double(predownload, i) }, cancellationToken) is var (ahead, early))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The link would do, but shards are asked for too late: with a predownload of {ahead.Predownload:N0} samples instead of "
                + $"{predownload:N0} the devices would wait {Share(early)} of the time instead of {Share(result)}.");
        }

        var both = FindBest(
            i => run with { ConcurrentShards = Double(run.ConcurrentShards, i), Predownload = Double(predownload, i) }, cancellationToken);
        if (both is var (wide, better))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The link would do, but its latency holds small shards up: with {wide.ConcurrentShards} shards at a time and a predownload of "
                + $"{wide.Predownload:N0} samples the devices would wait {Share(better)} of the time instead of {Share(result)}.");
        }

        return run.CacheLimit is { } limit && limit < EnoughCache
            ? $"The link would do for its average load, but the cache is too small to fetch ahead: it holds {new ByteSize(limit)}."
            : "The link would do for its average load, but not for the beginning of the epoch, which needs many shards at once. "
                + "A smaller shuffle block needs fewer.";
    }

    private string AdviseOnCache(CancellationToken cancellationToken)
    {
        var enough = EnoughCache;
        if (result.DownloadsPerShard <= Once)
        {
            return $"No shard is downloaded twice in an epoch with a cache limit of {AsLimit(enough)} or more.";
        }

        var larger = Try(run with { CacheLimit = enough }, cancellationToken);
        var effect = larger is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" to {larger.DownloadsPerShard:0.00}, and the epoch from {PlanReport.Time(result.Epoch)} to {PlanReport.Time(larger.Epoch)}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Shards are downloaded {result.DownloadsPerShard:0.00} times. Raising the cache limit from {new ByteSize(run.CacheLimit ?? 0)} to "
            + $"{AsLimit(enough)} brings that{effect}. A smaller shuffle block needs less.");
    }

    /// <summary>Gets the most bytes of a shard that are in the cache at a time: with the compressed file while it is decompressed.</summary>
    private long GetKeptBytes(long bytes, int shard) =>
        bytes + (run.DownloadBytes.IsDefault || run.DownloadBytes[shard] == bytes ? 0 : run.DownloadBytes[shard]);

    /// <summary>Tries doublings of something until the devices hardly wait.</summary>
    /// <returns>The least that does it, or the best where it at least halves the waiting.</returns>
    private (TrainingRun Run, SimulatedRun Result)? FindBest(Func<int, TrainingRun> change, CancellationToken cancellationToken)
    {
        var best = default((TrainingRun, SimulatedRun)?);
        var min = result.SteadyWaitFraction / 2;
        for (var i = 1; i <= MostDoublings && min > Bearable; i++)
        {
            var other = change(i);
            if (Try(other, cancellationToken) is { } tried && tried.SteadyWaitFraction < min * 0.99)
            {
                min = tried.SteadyWaitFraction;
                best = (other, tried);
            }
        }

        return best;
    }

    private SimulatedRun? Try(TrainingRun other, CancellationToken cancellationToken)
    {
        try
        {
            return planned.Simulate(other, cancellationToken);
        }
        catch (ArgumentException)
        {
            // It does not fit into the cache, so it is no advice.
            return null;
        }
    }

    private static int Double(int value, int times) => (int)Math.Min((long)value << times, int.MaxValue);

    private static string Share(SimulatedRun run) => run.SteadyWaitFraction.ToString("P0", CultureInfo.InvariantCulture);

    private static string Rate(double bytesPerSecond) => $"{new ByteSize((long)bytesPerSecond)}/s";

    /// <summary>Writes a size that is at least the given one with few digits, so that what is shown is enough, and as the option takes it.</summary>
    private static string AsLimit(long bytes)
    {
        var unit = 1L;
        while (unit * 1024 <= bytes)
        {
            unit *= 1024;
        }

        var step = Math.Max(1, unit / 4);
        var size = new ByteSize((bytes + step - 1) / step * step).ToString();
        var option = size.Replace(" ", "", StringComparison.Ordinal).Replace("iB", "b", StringComparison.Ordinal).ToLowerInvariant();
        return $"{size} per node (--cache-limit {option})";
    }
}
