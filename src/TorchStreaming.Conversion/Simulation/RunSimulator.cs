// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Ordering;

namespace TorchStreaming.Conversion;

/// <summary>Runs an epoch in virtual time: the real order of the samples, downloads as the engine makes them over a link of given speed and
/// latency into a cache of given size, and steps of given length that all nodes take together.</summary>
/// <remarks>Thread-safe. Mirrors upstream's simulator without its defects (waits cut to whole seconds, a second epoch that is never
/// downloaded), and with a cache that knows its future, as ours does.</remarks>
public static class RunSimulator
{
    private const int TimelineLength = 500;

    /// <summary>Simulates a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What it is like.</returns>
    /// <exception cref="ArgumentException">The run's numbers do not fit each other, or its cache limit does not hold one step.</exception>
    public static SimulatedRun Simulate(TrainingRun run, CancellationToken cancellationToken = default) =>
        PlannedRun.Read(run, cancellationToken).Simulate(run, cancellationToken);

    internal static SimulatedRun Simulate(
        TrainingRun run, NodeSchedule[] nodes, ShuffleEstimate shuffle, CancellationToken cancellationToken)
    {
        EarlySamples[] early = [.. nodes.Select(node => new EarlySamples(run, node))];
        NodeCache[] caches = [.. nodes.Select((node, i) => new NodeCache(node, early[i], run))];
        var steps = nodes.Max(static node => node.Steps);
        var ahead = (int)Math.Max(1, Math.Min(run.Predownload ?? 8L * run.Order.BatchSize, int.MaxValue - steps) / run.Order.BatchSize);
        var timeline = ImmutableArray.CreateBuilder<SimulatedStep>();

        // The index comes first.
        var now = run.Latency.TotalSeconds;
        var (waited, first, half) = (now, 0.0, 0.0);
        foreach (var cache in caches)
        {
            cache.Begin(now);
        }

        var waitingSteps = 0;
        for (var step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ready = now;
            for (var node = 0; node < nodes.Length; node++)
            {
                caches[node].Fetch(step, step + 1 + ahead, now);
                ready = step < nodes[node].Steps ? Math.Max(ready, caches[node].Use(step, now)) : ready;
            }

            var wait = ready - now;
            waited += wait;
            waitingSteps += wait > 0 ? 1 : 0;
            first = step == 0 ? ready : first;
            half = step == steps / 2 ? now : half;
            if (step % Math.Max(1, steps / TimelineLength) == 0)
            {
                timeline.Add(new SimulatedStep(
                    step,
                    TimeSpan.FromSeconds(ready),
                    TimeSpan.FromSeconds(wait),
                    caches.Sum(cache => cache.GetArrived(ready)),
                    caches.Max(static cache => cache.Held)));
            }

            now = ready + run.StepTime.TotalSeconds;
        }

        var stepsOfEpoch = nodes.Max(static node => node.StepsOfEpoch);
        var pace = steps > 1 ? (now - half) / (steps - (steps / 2)) : now;
        var likeEach = (double)run.Nodes / nodes.Length;
        var samples = nodes.Sum(static node => node.Samples) * likeEach;
        return new SimulatedRun
        {
            Steps = steps,
            StepsOfEpoch = stepsOfEpoch,
            FirstBatch = TimeSpan.FromSeconds(first),
            Elapsed = TimeSpan.FromSeconds(now),
            Epoch = TimeSpan.FromSeconds(now + ((stepsOfEpoch - steps) * pace)),
            Waited = TimeSpan.FromSeconds(waited),
            WaitingSteps = waitingSteps,
            SamplesPerSecond = now > first ? samples / (now - first) : 0,
            EarlyBytes = (long)(early.Sum(static samples => samples.Bytes) * likeEach),
            Downloaded = (long)(caches.Sum(static cache => cache.Downloaded) * likeEach),
            DownloadedShards = (long)(caches.Sum(static cache => cache.DownloadedShards) * likeEach),
            NeededShards = (long)(nodes.Select((node, i) => LiveBytes.CountShards(node, early[i])).Sum() * likeEach),
            MostHeld = caches.Max(static cache => cache.MostHeld),
            LimitWithoutRepeats = nodes.Select((node, i) => LiveBytes.FindMost(node, early[i], run.ShardBytes, ahead)).Max(),
            Shuffle = shuffle,
            Timeline = timeline.ToImmutable(),
        };
    }
}
