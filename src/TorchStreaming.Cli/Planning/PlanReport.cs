// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.Simulation;

namespace TorchStreaming.Cli;

/// <summary>A simulated run, for people and for programs.</summary>
/// <param name="run">What was simulated.</param>
/// <param name="result">What it is like.</param>
/// <param name="quality">How well the order shuffles, or <see langword="null"/> where that was not asked for.</param>
internal sealed class PlanReport(TrainingRun run, SimulatedRun result, OrderQuality? quality)
{
    /// <summary>Says the facts in words.</summary>
    public IEnumerable<(string Name, string Text)> ToFacts()
    {
        yield return ("steps", string.Create(
            CultureInfo.InvariantCulture,
            $"{result.StepsOfEpoch:N0} of {run.GlobalBatchSize:N0} samples{(result.Steps < result.StepsOfEpoch ? $"; simulated {result.Steps:N0}" : "")}"));
        yield return ("first batch", Time(result.FirstBatch));
        yield return ("epoch", Time(result.Epoch));
        yield return ("throughput", string.Create(CultureInfo.InvariantCulture, $"{result.SamplesPerSecond:N0} samples/s"));
        yield return ("waiting", string.Create(
            CultureInfo.InvariantCulture, $"{result.SteadyWaitFraction:P1} of the time after the first batch; {result.WaitingSteps:N0} steps waited"));
        yield return ("downloads", string.Create(
            CultureInfo.InvariantCulture, $"{new ByteSize(result.Downloaded)}, {result.DownloadedShards:N0} shards, {result.DownloadsPerShard:0.00} times each"));
        yield return ("cache", $"at most {new ByteSize(result.MostHeld)} per node");
        if (quality is not null)
        {
            yield return ("shuffle", string.Create(
                CultureInfo.InvariantCulture,
                $"entropy {quality.Entropy:0.00} bits, {quality.SameShardShare:P1} neighbours of one shard, {quality.ShardsPerStretch:N0} shards per 100,000 samples"));
        }
    }

    /// <summary>Draws downloads, cache and waiting over time.</summary>
    public string ToPlot()
    {
        var steps = result.Timeline;
        return LineSheet.Draw(
            "seconds",
            [.. steps.Select(static step => step.Start.TotalSeconds)],
            [
                ("downloaded, GB, simulated nodes", [.. steps.Select(static step => step.Downloaded / 1e9)]),
                ("in the fullest cache, GB", [.. steps.Select(static step => step.Held / 1e9)]),
                ("samples per second", Rates()),
            ]);
    }

    /// <summary>Writes the document for programs.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("steps", result.StepsOfEpoch);
        json.WriteNumber("simulated_steps", result.Steps);
        json.WriteNumber("first_batch_seconds", result.FirstBatch.TotalSeconds);
        json.WriteNumber("epoch_seconds", result.Epoch.TotalSeconds);
        json.WriteNumber("samples_per_second", result.SamplesPerSecond);
        json.WriteNumber("wait_fraction", result.WaitFraction);
        json.WriteNumber("steady_wait_fraction", result.SteadyWaitFraction);
        json.WriteNumber("waiting_steps", result.WaitingSteps);
        json.WriteNumber("downloaded_bytes", result.Downloaded);
        json.WriteNumber("downloaded_shards", result.DownloadedShards);
        json.WriteNumber("downloads_per_shard", result.DownloadsPerShard);
        json.WriteNumber("most_cached_bytes", result.MostHeld);
        json.WriteNumber("cache_limit_without_repeats", result.LimitWithoutRepeats);
        if (quality is not null)
        {
            json.WriteStartObject("shuffle");
            json.WriteNumber("entropy", quality.Entropy);
            json.WriteNumber("same_shard_share", quality.SameShardShare);
            json.WriteNumber("shards_per_stretch", quality.ShardsPerStretch);
            json.WriteEndObject();
        }

        json.WriteStartArray("advice");
        foreach (var line in PlanAdvice.Of(run, result))
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private List<double> Rates()
    {
        var rates = new List<double>();
        for (var i = 0; i < result.Timeline.Length; i++)
        {
            var (before, step) = (result.Timeline[Math.Max(0, i - 1)], result.Timeline[i]);
            var seconds = (step.Start - before.Start).TotalSeconds;
            rates.Add(seconds > 0 ? (step.Step - before.Step) * run.GlobalBatchSize / seconds : 0);
        }

        return rates;
    }

    private static string Time(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
