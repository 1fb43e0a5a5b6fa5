// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Conversion;

/// <summary>What a schedule keeps alive: the shards between their first and their last use.</summary>
internal static class LiveBytes
{
    /// <summary>Counts the different shards that a schedule needs as a whole.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="early">What it gets without them.</param>
    public static long CountShards(NodeSchedule schedule, EarlySamples early)
    {
        var seen = new HashSet<int>();
        for (var step = 0; step < schedule.Steps; step++)
        {
            foreach (var shard in schedule.GetShards(step))
            {
                if (!early.Covers(step, shard))
                {
                    seen.Add(shard);
                }
            }
        }

        return seen.Count;
    }

    /// <summary>Finds the most bytes that are alive in a step.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="early">What it gets ahead of its shards.</param>
    /// <param name="bytes">The bytes of each shard.</param>
    /// <param name="ahead">How many steps before its first use a shard comes.</param>
    public static long FindMost(NodeSchedule schedule, EarlySamples early, ImmutableArray<long> bytes, int ahead)
    {
        var seen = new HashSet<int>();
        var (alive, most, windowEnd) = (0L, 0L, 0);
        for (var step = 0; step < schedule.Steps; step++)
        {
            for (; windowEnd <= Math.Min((long)step + ahead, schedule.Steps - 1); windowEnd++)
            {
                foreach (var shard in schedule.GetShards(windowEnd))
                {
                    alive += !early.Covers(windowEnd, shard) && seen.Add(shard) ? bytes[shard] : 0;
                }
            }

            var shards = schedule.GetShards(step);
            most = Math.Max(most, alive);
            var nextUses = schedule.GetNextUses(step);
            for (var i = 0; i < shards.Length; i++)
            {
                alive -= nextUses[i] == NodeSchedule.Never && seen.Contains(shards[i]) ? bytes[shards[i]] : 0;
            }
        }

        return most;
    }
}
