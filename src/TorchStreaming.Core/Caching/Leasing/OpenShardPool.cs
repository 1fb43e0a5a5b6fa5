// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>The open readers of a cache. Readers that nobody leases stay open up to a limit; the one idle for longest is closed
/// first.</summary>
/// <remarks>Not thread-safe: the cache's lock guards it. Methods that close readers hand them out, so that unmapping happens outside the
/// lock.</remarks>
internal sealed class OpenShardPool(int limit)
{
    private readonly Dictionary<int, OpenShard> _shards = [];
    private readonly LinkedList<OpenShard> _idle = [];
    private bool _isClosed;

    public int Count => _shards.Count;

    /// <summary>Says whether a shard is open.</summary>
    public bool IsOpen(int shard) => _shards.ContainsKey(shard);

    /// <summary>Adds a lease to a shard if it is open.</summary>
    public bool TryLease(int shard, [NotNullWhen(true)] out OpenShard? open)
    {
        if (!_shards.TryGetValue(shard, out open))
        {
            return false;
        }

        open.Leases++;
        if (open.IdlePlace is { } place)
        {
            _idle.Remove(place);
            open.IdlePlace = null;
        }

        return true;
    }

    /// <summary>Adds a shard that has just been opened, with its first leases.</summary>
    public List<OpenShard>? Add(OpenShard open, int leases)
    {
        open.Leases = leases;
        _shards.Add(open.Shard, open);
        return Trim();
    }

    /// <summary>Ends a lease.</summary>
    public List<OpenShard>? Release(OpenShard open)
    {
        if (--open.Leases > 0)
        {
            return null;
        }

        open.NoteUse();
        if (_isClosed)
        {
            _shards.Remove(open.Shard);
            return [open];
        }

        open.IdlePlace = _idle.AddLast(open);
        return Trim();
    }

    /// <summary>Closes what is idle now, and the rest when its last lease ends.</summary>
    public List<OpenShard>? Close()
    {
        _isClosed = true;
        return Trim();
    }

    private List<OpenShard>? Trim()
    {
        List<OpenShard>? closed = null;
        while (_idle.First is { } first && (_isClosed || _shards.Count > limit))
        {
            _idle.Remove(first);
            _shards.Remove(first.Value.Shard);
            (closed ??= []).Add(first.Value);
        }

        return closed;
    }
}
