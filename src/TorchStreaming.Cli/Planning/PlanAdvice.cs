// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Simulation;

namespace TorchStreaming.Cli;

/// <summary>What a person would say on seeing a simulated run.</summary>
internal static class PlanAdvice
{
    /// <summary>Gives advice, the weightiest first.</summary>
    /// <param name="run">What was simulated.</param>
    /// <param name="result">What it is like.</param>
    public static IEnumerable<string> Of(TrainingRun run, SimulatedRun result)
    {
        if (result.FirstBatch > result.Epoch * 0.1)
        {
            yield return "Most of the waiting is for the first batch, which touches many shards. Smaller shards or a smaller shuffle block touch less; "
                + "raw MDS gets its first samples ahead of their shards, which is not simulated.";
        }

        var stepSeconds = run.StepTime.TotalSeconds;
        var neededRate = result.Steps == 0 || stepSeconds == 0
            ? double.PositiveInfinity
            : result.Downloaded / (double)run.Nodes / (result.Steps * stepSeconds);
        if (result.SteadyWaitFraction > 0.02 && neededRate > run.BytesPerSecond)
        {
            yield return double.IsPositiveInfinity(neededRate)
                ? "The link is the limit: the devices take no time."
                : $"The link is the limit: each node would need {Rate(neededRate)} and has {Rate(run.BytesPerSecond)}. Compress the shards, or keep them in a cache for later epochs.";
        }
        else if (result.SteadyWaitFraction > 0.02)
        {
            yield return "The link would do, but shards are asked for too late: a larger predownload lets them come in time.";
        }

        if (result.DownloadsPerShard > 1.01)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Shards are downloaded {result.DownloadsPerShard:0.00} times. A cache limit of {new ByteSize(result.LimitWithoutRepeats)} per node, or a smaller shuffle block, brings that to 1.");
        }
        else
        {
            yield return $"No shard is downloaded twice with a cache limit of {new ByteSize(result.LimitWithoutRepeats)} per node or more.";
        }

        if (result.WaitFraction <= 0.02)
        {
            yield return "The devices hardly wait: nothing to do.";
        }
    }

    private static string Rate(double bytesPerSecond) => $"{new ByteSize((long)bytesPerSecond)}/s";
}
