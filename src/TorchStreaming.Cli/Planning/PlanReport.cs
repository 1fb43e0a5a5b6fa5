// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>A simulated run, for people and for programs.</summary>
/// <param name="run">What was simulated.</param>
/// <param name="result">What it is like.</param>
/// <param name="quality">How well the whole epoch is shuffled, or <see langword="null"/> where the estimate will do.</param>
/// <param name="advice">What to do about it.</param>
internal sealed class PlanReport(TrainingRun run, SimulatedRun result, OrderQuality? quality, IReadOnlyList<string> advice)
{
    /// <summary>Says the facts in words.</summary>
    public IEnumerable<(string Name, string Text)> ToFacts()
    {
        yield return ("steps", string.Create(
            CultureInfo.InvariantCulture,
            $"{result.StepsOfEpoch:N0} of {run.GlobalBatchSize:N0} samples{(result.Steps < result.StepsOfEpoch ? $"; simulated {result.Steps:N0}" : "")}"));
        yield return ("first batch", result.EarlyBytes == 0
            ? $"{Time(result.FirstBatch)}, from whole shards"
            : $"{Time(result.FirstBatch)}; {new ByteSize(result.EarlyBytes)} of the first batches come ahead of their shards");
        yield return ("epoch", Time(result.Epoch));
        yield return ("throughput", string.Create(CultureInfo.InvariantCulture, $"{result.SamplesPerSecond:N0} samples/s"));
        yield return ("waiting", string.Create(
            CultureInfo.InvariantCulture, $"{result.SteadyWaitFraction:P1} of the time after the first batch; {Counted.Of(result.WaitingSteps, "step")} waited"));
        yield return ("downloads", string.Create(
            CultureInfo.InvariantCulture, $"{new ByteSize(result.Downloaded)}, {Counted.Of(result.DownloadedShards, "shard")}, {result.DownloadsPerShard:0.00} times each"));
        var ofPart = run.CacheLimit is null && result.Steps < result.StepsOfEpoch ? ", with those simulated" : "";
        yield return ("cache", $"at most {new ByteSize(result.MostHeld)} per node{ofPart}");
        var (measured, how) = quality is null
            ? (result.Shuffle.Quality, string.Create(
                CultureInfo.InvariantCulture, $"estimated from the first {result.Shuffle.Samples:N0} samples of a node"))
            : (quality, "measured over the epoch");
        yield return ("shuffle", string.Create(
            CultureInfo.InvariantCulture,
            $"entropy {measured.Entropy:0.00} of {result.Shuffle.FullEntropy:0.00} bits, {measured.SameShardShare:P1} neighbors of one shard, "
            + $"{measured.ShardsPerStretch:N0} shards per 100,000 samples; {how}"));
    }

    /// <summary>Draws downloads, cache and waiting over time.</summary>
    public string ToPlot()
    {
        var steps = result.Timeline;
        var nodes = Math.Min(run.Nodes, run.MostNodes);
        var (unit, seconds) = result.Elapsed.TotalSeconds switch
        {
            < 180 => ("seconds", 1.0),
            < 180 * 60 => ("minutes", 60.0),
            _ => ("hours", 3600.0),
        };
        return LineSheet.Draw(
            unit,
            [.. steps.Select(step => step.Start.TotalSeconds / seconds)],
            [
                new LinePanel("downloaded by a node, GB", [.. steps.Select(step => step.Downloaded / 1e9 / nodes)]),
                new LinePanel(
                    "in the fullest cache and on the way to it, GB", [.. steps.Select(static step => step.Held / 1e9)], run.CacheLimit / 1e9, "limit"),
                new LinePanel("samples per second", Rates(), GetUnhinderedRate(), "without waiting"),
            ]);
    }

    /// <summary>Makes the document for programs.</summary>
    public PlanDocument ToDocument()
    {
        var measured = quality ?? result.Shuffle.Quality;
        return new PlanDocument(
            result.StepsOfEpoch,
            result.Steps,
            result.FirstBatch.TotalSeconds,
            result.Epoch.TotalSeconds,
            result.SamplesPerSecond,
            result.WaitFraction,
            result.SteadyWaitFraction,
            result.WaitingSteps,
            result.EarlyBytes,
            result.Downloaded,
            result.DownloadedShards,
            result.DownloadsPerShard,
            result.MostHeld,
            result.LimitWithoutRepeats,
            new ShuffleDocument(
                measured.Entropy,
                result.Shuffle.FullEntropy,
                measured.SameShardShare,
                measured.ShardsPerStretch,
                quality is null,
                quality is null ? result.Shuffle.Samples : null),
            advice);
    }

    /// <summary>Gets the rate from each step of the timeline to the next; the last one's is that of the one before.</summary>
    private double[] Rates()
    {
        var rates = new double[result.Timeline.Length];
        for (var i = 0; i < rates.Length; i++)
        {
            var at = Math.Min(i, Math.Max(0, rates.Length - 2));
            var (step, next) = (result.Timeline[at], result.Timeline[Math.Min(at + 1, rates.Length - 1)]);
            var seconds = (next.Start - step.Start).TotalSeconds;
            rates[i] = seconds > 0 ? (next.Step - step.Step) * run.GlobalBatchSize / seconds : 0;
        }

        return rates;
    }

    private double? GetUnhinderedRate() => run.StepTime > TimeSpan.Zero ? run.GlobalBatchSize / run.StepTime.TotalSeconds : null;

    /// <summary>Writes a time with the digits that matter.</summary>
    internal static string Time(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
