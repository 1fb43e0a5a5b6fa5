// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Conversion;

/// <summary>A run whose order has been read, which takes most of a simulation's time, so that the same epoch can be simulated with several
/// links, caches and look-aheads.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PlannedRun
{
    private readonly TrainingRun _run;
    private readonly NodeSchedule[] _nodes;
    private readonly ShuffleEstimate _shuffle;

    private PlannedRun(TrainingRun run, NodeSchedule[] nodes, ShuffleEstimate shuffle)
    {
        _run = run;
        _nodes = nodes;
        _shuffle = shuffle;
    }

    /// <summary>Reads the order of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The run, ready to be simulated.</returns>
    /// <exception cref="ArgumentException">The run's numbers do not fit each other.</exception>
    public static PlannedRun Read(TrainingRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Validate();
        var order = new SampleOrder(run.Order with { BatchSize = checked(run.Order.BatchSize * run.RanksPerNode) });
        var nodes = new NodeSchedule[Math.Min(run.Nodes, run.MostNodes)];
        var mostSteps = (int)Math.Clamp(run.MostSamples / ((long)order.Options.BatchSize * nodes.Length), 1, int.MaxValue - 1);
        var shuffle = new ShuffleEstimator(order.Spanner);
        for (var node = 0; node < nodes.Length; node++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            nodes[node] = new NodeSchedule(
                order, new World(run.Nodes, 1, node), run.Epoch, mostSteps, run.SampleFirstBatches, node == 0 ? shuffle : null);
        }

        return new PlannedRun(run, nodes, shuffle.Estimate());
    }

    /// <summary>Simulates the run on other machines.</summary>
    /// <param name="run">The run that was read, or one that differs from it in sizes of shards, step time, link, cache limit, look-ahead or
    /// concurrency.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What it is like.</returns>
    /// <exception cref="ArgumentException">The run's numbers do not fit each other or the order that was read, or its cache limit does not
    /// hold one step.</exception>
    public SimulatedRun Simulate(TrainingRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Validate();
        if (run.Order != _run.Order || run.Nodes != _run.Nodes || run.RanksPerNode != _run.RanksPerNode || run.Epoch != _run.Epoch
            || run.MostNodes != _run.MostNodes || run.MostSamples != _run.MostSamples || run.SampleFirstBatches > _run.SampleFirstBatches)
        {
            throw new ArgumentException("The run has another order than the one that was read: read its own.", nameof(run));
        }

        return RunSimulator.Simulate(run, _nodes, _shuffle, cancellationToken);
    }
}
