// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Simulation;

/// <summary>What a schedule keeps alive: the shards between their first and their last use.</summary>
internal static class LiveBytes
{
    /// <summary>Counts the different shards of a schedule.</summary>
    public static long CountShards(NodeSchedule schedule)
    {
        var shards = 0L;
        for (var step = 0; step < schedule.Steps; step++)
        {
            foreach (var next in schedule.GetNextUses(step))
            {
                shards += next == NodeSchedule.Never ? 1 : 0;
            }
        }

        return shards;
    }

    /// <summary>Finds the most bytes that are alive in a step.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="bytes">The bytes of each shard.</param>
    /// <param name="ahead">How many steps before its first use a shard comes.</param>
    public static long FindMost(NodeSchedule schedule, ImmutableArray<long> bytes, int ahead)
    {
        var seen = new HashSet<int>();
        var (alive, most, windowEnd) = (0L, 0L, 0);
        for (var step = 0; step < schedule.Steps; step++)
        {
            for (; windowEnd <= Math.Min((long)step + ahead, schedule.Steps - 1); windowEnd++)
            {
                foreach (var shard in schedule.GetShards(windowEnd))
                {
                    alive += seen.Add(shard) ? bytes[shard] : 0;
                }
            }

            var shards = schedule.GetShards(step);
            most = Math.Max(most, alive);
            var nextUses = schedule.GetNextUses(step);
            for (var i = 0; i < shards.Length; i++)
            {
                alive -= nextUses[i] == NodeSchedule.Never ? bytes[shards[i]] : 0;
            }
        }

        return most;
    }
}
