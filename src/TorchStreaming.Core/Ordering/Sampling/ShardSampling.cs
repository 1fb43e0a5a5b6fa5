// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TorchStreaming.Ordering;

/// <summary>Decides how many samples of each shard an epoch has. Mirrors <c>streaming.base.sampling.get_sampling</c>.</summary>
internal static class ShardSampling
{
    /// <summary>Spreads a number of samples over shards.</summary>
    /// <param name="sizes">The shards' sizes.</param>
    /// <param name="choose">The samples to take, which may be more than there are.</param>
    /// <param name="granularity">How many samples are taken at a time.</param>
    /// <param name="seed">The seed, epoch included where every epoch draws again.</param>
    /// <returns>The samples to take of each shard.</returns>
    /// <remarks>Whole rounds through all shards need no memory. A fraction of a round permutes one entry for every
    /// <paramref name="granularity"/> samples, since which of them come first is known only when all are permuted.</remarks>
    /// <exception cref="ArgumentException">The fraction has more entries than an array can hold.</exception>
    public static long[] Choose(ReadOnlySpan<int> sizes, long choose, int granularity, UInt128 seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(choose);
        ArgumentOutOfRangeException.ThrowIfLessThan(granularity, 1);
        var total = 0L;
        foreach (var size in sizes)
        {
            total += size;
        }

        var chosen = new long[sizes.Length];
        if (total == 0)
        {
            return chosen;
        }

        var (rounds, left) = Math.DivRem(choose, total);
        for (var i = 0; i < sizes.Length; i++)
        {
            chosen[i] = checked(sizes[i] * rounds);
        }

        if (left > 0)
        {
            AddFraction(sizes, left, granularity, seed, chosen);
        }

        return chosen;
    }

    private static void AddFraction(ReadOnlySpan<int> sizes, long left, int granularity, UInt128 seed, long[] chosen)
    {
        // Pick p belongs to the shard with firstPicks[shard] <= p < firstPicks[shard + 1].
        var firstPicks = new long[sizes.Length + 1];
        for (var i = 0; i < sizes.Length; i++)
        {
            firstPicks[i + 1] = firstPicks[i] + CountPicks(sizes[i], granularity);
        }

        if (firstPicks[^1] > Array.MaxLength)
        {
            throw new ArgumentException(
                $"An epoch with a fraction of the samples draws {firstPicks[^1]} times, more than fit in memory. "
                + $"Raise SamplingGranularity, which is {granularity}.");
        }

        var order = new int[firstPicks[^1]];
        new NumpyGenerator(seed).Permutation<int>(order);
        foreach (var pick in order)
        {
            var shard = Spanner.LastAtOrBelow(firstPicks, pick);
            // Upstream shortens the last pick of a shard, but makes it whole again where an empty shard follows: such a shard can give more
            // than it has.
            var isShort = pick == firstPicks[shard + 1] - 1 && !(shard + 1 < sizes.Length && sizes[shard + 1] == 0);
            var size = isShort ? sizes[shard] - ((firstPicks[shard + 1] - firstPicks[shard] - 1) * granularity) : granularity;
            var count = Math.Min(left, size);
            chosen[shard] += count;
            left -= count;
            if (left == 0)
            {
                return;
            }
        }
    }

    private static long CountPicks(int size, int granularity) => ((long)size + granularity - 1) / granularity;
}
