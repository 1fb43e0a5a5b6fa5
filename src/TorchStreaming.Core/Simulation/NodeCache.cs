// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Simulation;

/// <summary>A node's cache and link in virtual time: shards are downloaded one after the other in the order of their first use, and those
/// that are needed last make room.</summary>
/// <param name="schedule">What the node needs.</param>
/// <param name="bytes">The bytes of each shard in the cache.</param>
/// <param name="downloads">The bytes of each shard on the link.</param>
/// <param name="bytesPerSecond">The link.</param>
/// <param name="limit">The bytes that the cache may hold.</param>
internal sealed class NodeCache(
    NodeSchedule schedule, ImmutableArray<long> bytes, ImmutableArray<long> downloads, double bytesPerSecond, long limit)
{
    private readonly Dictionary<int, Resident> _residents = [];
    private readonly PriorityQueue<int, int> _furthest = new();
    private readonly PriorityQueue<int, int> _wanted = new();
    private int _windowEnd;
    private double _linkFree;

    /// <summary>Gets the bytes downloaded so far.</summary>
    public long Downloaded { get; private set; }

    /// <summary>Gets the shards downloaded so far, counting one that came twice twice.</summary>
    public long DownloadedShards { get; private set; }

    /// <summary>Gets the bytes held.</summary>
    public long Held { get; private set; }

    /// <summary>Gets the most bytes that were held at a time.</summary>
    public long MostHeld { get; private set; }

    /// <summary>Starts the downloads for the steps of the window as far as there is room.</summary>
    /// <param name="step">The step that comes next.</param>
    /// <param name="windowEnd">The step after the last of the window.</param>
    /// <param name="now">The time in seconds.</param>
    public void Fetch(int step, int windowEnd, double now)
    {
        for (; _windowEnd < Math.Min(windowEnd, schedule.Steps); _windowEnd++)
        {
            foreach (var shard in schedule.GetShards(_windowEnd))
            {
                if (!_residents.ContainsKey(shard))
                {
                    _wanted.Enqueue(shard, _windowEnd);
                }
            }
        }

        while (_wanted.TryPeek(out var shard, out var needed))
        {
            if (needed >= step && !_residents.ContainsKey(shard))
            {
                if (!MakeRoom(bytes[shard], needed))
                {
                    break;
                }

                Download(shard, needed, now);
            }

            _wanted.Dequeue();
        }
    }

    /// <summary>Finds when the shards of a step are there, and marks them used.</summary>
    /// <param name="step">The step.</param>
    /// <param name="now">The time in seconds.</param>
    /// <returns>The time in seconds.</returns>
    /// <exception cref="ArgumentException">The limit does not hold what one step needs.</exception>
    public double Use(int step, double now)
    {
        var ready = now;
        var shards = schedule.GetShards(step);
        foreach (var shard in shards)
        {
            if (!_residents.TryGetValue(shard, out var resident))
            {
                // There was no room in time: it comes now, in place of whatever this step does not need.
                if (!MakeRoom(bytes[shard], step))
                {
                    throw TooSmall(shards);
                }

                resident = Download(shard, step, now);
            }

            ready = Math.Max(ready, resident.Arrival);
        }

        var nextUses = schedule.GetNextUses(step);
        for (var i = 0; i < shards.Length; i++)
        {
            SetNextUse(shards[i], _residents[shards[i]], nextUses[i]);
        }

        return ready;
    }

    private Resident Download(int shard, int nextUse, double now)
    {
        _linkFree = Math.Max(_linkFree, now) + (downloads[shard] / bytesPerSecond);
        var resident = new Resident(_linkFree, nextUse);
        Downloaded += downloads[shard];
        DownloadedShards++;
        Held += bytes[shard];
        MostHeld = Math.Max(MostHeld, Held);
        SetNextUse(shard, resident, nextUse);
        return resident;
    }

    /// <summary>Evicts shards that are needed later than a step, furthest first, until some bytes fit.</summary>
    private bool MakeRoom(long needed, int step)
    {
        while (Held + needed > limit)
        {
            if (!_furthest.TryPeek(out var shard, out var priority))
            {
                return false;
            }

            if (!_residents.TryGetValue(shard, out var resident) || resident.NextUse != -priority)
            {
                _furthest.Dequeue();
            }
            else if (resident.NextUse > step)
            {
                _furthest.Dequeue();
                _residents.Remove(shard);
                Held -= bytes[shard];
                if (resident.NextUse < _windowEnd)
                {
                    _wanted.Enqueue(shard, resident.NextUse);
                }
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Entries that are out of date stay in the queue and are passed over when they come up.</summary>
    private void SetNextUse(int shard, Resident resident, int nextUse)
    {
        _residents[shard] = resident with { NextUse = nextUse };
        _furthest.Enqueue(shard, -nextUse);
    }

    private ArgumentException TooSmall(ReadOnlySpan<int> shards)
    {
        var needed = 0L;
        foreach (var shard in shards)
        {
            needed += bytes[shard];
        }

        return new ArgumentException(
            $"The cache limit of {new ByteSize(limit)} does not hold the {shards.Length} shards of one step of a node, {new ByteSize(needed)}.");
    }

    private readonly record struct Resident(double Arrival, int NextUse);
}
