// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Conversion;

/// <summary>Which shards a node needs in each step, each shard once a step, and when it needs each of them next.</summary>
internal sealed class NodeSchedule
{
    /// <summary>The next use of a shard that is not used again.</summary>
    public const int Never = int.MaxValue;

    private readonly List<int> _shards = [];
    private readonly List<int> _ends = [];
    private readonly List<Dictionary<int, List<int>>> _firstSamples = [];
    private readonly Spanner _spanner;
    private readonly int[] _next;

    /// <summary>Reads a node's part of an epoch.</summary>
    /// <param name="order">The order, with the batch of a whole node as its batch.</param>
    /// <param name="world">The node, as a world with one rank per node: the batches of its ranks together are the same samples.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="mostSteps">How many steps to read at most.</param>
    /// <param name="firstSteps">Of how many steps the single samples are kept.</param>
    /// <param name="quality">Is told of the samples, where somebody wants to know.</param>
    public NodeSchedule(SampleOrder order, World world, long epoch, int mostSteps, int firstSteps, ShuffleEstimator? quality)
    {
        _spanner = order.Spanner;
        var plan = order.PlanEpoch(world, order.GetStartOfEpoch(world, epoch));
        var cursor = plan.OpenCursor();
        var batch = new long[order.Options.BatchSize];
        var lastStep = new int[order.Spanner.ShardCount];
        Array.Fill(lastStep, -1);
        for (var step = 0; step < mostSteps && cursor.ReadBatch(batch) is var length and > 0; step++)
        {
            var samples = step < firstSteps ? new Dictionary<int, List<int>>() : null;
            foreach (var sample in batch.AsSpan(0, length))
            {
                var (shard, index) = _spanner.Find(sample);
                quality?.Add(sample, shard);
                if (lastStep[shard] != step)
                {
                    lastStep[shard] = step;
                    _shards.Add(shard);
                    samples?.Add(shard, []);
                }

                samples?[shard].Add(index);
            }

            if (samples is not null)
            {
                foreach (var places in samples.Values)
                {
                    places.Sort();
                }

                _firstSamples.Add(samples);
            }

            _ends.Add(_shards.Count);
            Samples += length;
        }

        StepsOfEpoch = plan.BatchCount;
        _next = FindNextUses(order.Spanner.ShardCount);
    }

    /// <summary>Gets the number of steps that were read.</summary>
    public int Steps => _ends.Count;

    /// <summary>Gets the number of steps of the whole epoch.</summary>
    public long StepsOfEpoch { get; }

    /// <summary>Gets the samples of the steps that were read.</summary>
    public long Samples { get; }

    /// <summary>Gets the samples of the first steps: by shard, the places in it, ascending.</summary>
    public IReadOnlyList<Dictionary<int, List<int>>> FirstSamples => _firstSamples;

    /// <summary>Gets how many samples a shard has.</summary>
    public int GetSampleCount(int shard) => _spanner.GetShardSize(shard);

    /// <summary>Gets the shards of a step.</summary>
    public ReadOnlySpan<int> GetShards(int step) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_shards)[Begin(step).._ends[step]];

    /// <summary>Gets the step after this one in which each of its shards is needed next, or <see cref="Never"/>.</summary>
    public ReadOnlySpan<int> GetNextUses(int step) => _next.AsSpan(Begin(step).._ends[step]);

    private int Begin(int step) => step == 0 ? 0 : _ends[step - 1];

    private int[] FindNextUses(int shardCount)
    {
        var next = new int[_shards.Count];
        var seen = new int[shardCount];
        Array.Fill(seen, Never);
        for (var step = Steps - 1; step >= 0; step--)
        {
            for (var entry = Begin(step); entry < _ends[step]; entry++)
            {
                next[entry] = seen[_shards[entry]];
                seen[_shards[entry]] = step;
            }
        }

        return next;
    }
}
