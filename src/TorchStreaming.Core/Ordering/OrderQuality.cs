// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>How random an order is, and how many shards it needs at a time.</summary>
/// <param name="SampleEntropy">The entropy, in bits, of the distances between the ids of neighboring samples.</param>
/// <param name="ShardEntropy">The entropy, in bits, of the distances between their shards' numbers.</param>
/// <param name="SameShardShare">The share of samples that come from the same shard as the sample before.</param>
/// <param name="ShardsPerStretch">The shards that a stretch of 100,000 samples comes from, on average.</param>
/// <remarks>Mirrors the shuffle quality of upstream's simulator (<c>simulation/core/shuffle_quality.py</c>), whose authors call it noisy:
/// compare orders of the same data with it, preferably as a share of what <see cref="ShuffleAlgorithm.Naive"/> gets.</remarks>
public sealed record OrderQuality(double SampleEntropy, double ShardEntropy, double SameShardShare, double ShardsPerStretch)
{
    internal const int StretchLength = 100_000;
    private const long LargestEpoch = 100_000_000;

    /// <summary>Gets the harmonic mean of both entropies, which is upstream's score.</summary>
    public double Entropy => SampleEntropy + ShardEntropy == 0 ? 0 : 2 * SampleEntropy * ShardEntropy / (SampleEntropy + ShardEntropy);

    /// <summary>Measures the first epoch of an order, as one rank would see it.</summary>
    /// <param name="order">The order, of at most 100 million samples an epoch.</param>
    /// <returns>The measures.</returns>
    /// <exception cref="ArgumentException">The epoch is too large to be counted in memory.</exception>
    public static OrderQuality Measure(SampleOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Spanner.SampleCount > LargestEpoch)
        {
            throw new ArgumentException($"The dataset has {order.Spanner.SampleCount} samples; at most {LargestEpoch} can be measured.",
                nameof(order));
        }

        var sampleDistances = new int[order.Spanner.SampleCount];
        var shardDistances = new int[order.Spanner.ShardCount];
        var lastStretch = new int[order.Spanner.ShardCount];
        var cursor = order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 0)).OpenCursor();
        var batch = new long[order.Options.BatchSize];
        var (count, sameShard, shardsOfStretches) = (0L, 0L, 0L);
        var (previousSample, previousShard) = (0L, 0);
        for (var length = cursor.ReadBatch(batch); length > 0; length = cursor.ReadBatch(batch))
        {
            foreach (var sample in batch.AsSpan(0, length))
            {
                var shard = order.Spanner.Find(sample).Shard;
                var stretch = (int)(count / StretchLength) + 1;
                shardsOfStretches += lastStretch[shard] == stretch ? 0 : 1;
                lastStretch[shard] = stretch;
                if (count > 0)
                {
                    sampleDistances[Math.Abs(sample - previousSample)]++;
                    shardDistances[Math.Abs(shard - previousShard)]++;
                    sameShard += shard == previousShard ? 1 : 0;
                }

                (previousSample, previousShard) = (sample, shard);
                count++;
            }
        }

        var pairs = Math.Max(count - 1, 1);
        var stretches = Math.Max((double)count / StretchLength, 1);
        return new OrderQuality(
            GetEntropy(sampleDistances, pairs), GetEntropy(shardDistances, pairs), (double)sameShard / pairs,
                shardsOfStretches / stretches);
    }

    private static double GetEntropy(int[] counts, long total)
    {
        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / total;
                entropy -= share * Math.Log2(share);
            }
        }

        return entropy;
    }
}
