// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Conversion;

/// <summary>A node's cache in virtual time: the first samples come ahead of their shards, these in the order of their first use, and those
/// that are needed last make room.</summary>
/// <param name="schedule">What the node needs.</param>
/// <param name="early">What it gets ahead of the shards.</param>
/// <param name="run">The sizes of shards, the link, and the bytes that the cache may hold.</param>
internal sealed class NodeCache(NodeSchedule schedule, EarlySamples early, TrainingRun run)
{
    private readonly ImmutableArray<long> _bytes = run.ShardBytes;
    private readonly long _limit = run.CacheLimit ?? long.MaxValue;
    private readonly SimulatedLink _link = new(run);
    private readonly Dictionary<int, Resident> _residents = [];
    private readonly PriorityQueue<int, int> _furthest = new();
    private readonly PriorityQueue<int, int> _wanted = new();
    private double[] _earlyReady = [];
    private int _windowEnd;

    /// <summary>Gets the bytes downloaded so far.</summary>
    public long Downloaded { get; private set; }

    /// <summary>Gets the shards downloaded so far, counting one that came twice twice.</summary>
    public long DownloadedShards { get; private set; }

    /// <summary>Gets the bytes held, those of shards in flight included.</summary>
    public long Held { get; private set; }

    /// <summary>Gets the most bytes that were held at a time.</summary>
    public long MostHeld { get; private set; }

    /// <summary>Gets the bytes that have come over the link.</summary>
    /// <param name="now">The time in seconds.</param>
    public long GetArrived(double now) => _link.GetArrived(now);

    /// <summary>Asks for the samples that come ahead of their shards.</summary>
    /// <param name="now">The time in seconds.</param>
    public void Begin(double now) => _earlyReady = early.Read(_link, now);

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
                if (!_residents.ContainsKey(shard) && !early.Covers(_windowEnd, shard))
                {
                    _wanted.Enqueue(shard, _windowEnd);
                }
            }
        }

        while (_wanted.TryPeek(out var shard, out var needed))
        {
            if (needed >= step && !_residents.ContainsKey(shard))
            {
                if (!MakeRoom(_bytes[shard], needed))
                {
                    break;
                }

                // The walk continues to shards when the early samples are there: until then the link is theirs.
                Download(shard, needed, needed < early.Steps ? now : Math.Max(now, _earlyReady.DefaultIfEmpty(now).Max()));
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
        var ready = step < early.Steps ? Math.Max(now, _earlyReady[step]) : now;
        var shards = schedule.GetShards(step);
        foreach (var shard in shards)
        {
            if (early.Covers(step, shard))
            {
                continue;
            }

            if (!_residents.TryGetValue(shard, out var resident))
            {
                // There was no room in time: it comes now, in place of whatever this step does not need.
                if (!MakeRoom(_bytes[shard], step))
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
            if (_residents.TryGetValue(shards[i], out var resident))
            {
                SetNextUse(shards[i], resident, nextUses[i]);
            }
        }

        return ready;
    }

    private Resident Download(int shard, int nextUse, double now)
    {
        var size = run.GetDownloadBytes(shard);
        var resident = new Resident(_link.Download(size, now), nextUse);
        Downloaded += size;
        DownloadedShards++;
        Held += _bytes[shard];
        MostHeld = Math.Max(MostHeld, Held);
        SetNextUse(shard, resident, nextUse);
        return resident;
    }

    /// <summary>Evicts shards that are needed later than a step, furthest first, until some bytes fit.</summary>
    private bool MakeRoom(long needed, int step)
    {
        while (Held + needed > _limit)
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
                Held -= _bytes[shard];
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
            needed += _bytes[shard];
        }

        return new ArgumentException(
            $"The cache limit of {new ByteSize(_limit)} does not hold the {shards.Length} shards of one step of a node, {new ByteSize(needed)}.");
    }

    private readonly record struct Resident(double Arrival, int NextUse);
}
