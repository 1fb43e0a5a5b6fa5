// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>A cache over shards in memory that answers when the test says so and counts what it leases.</summary>
internal sealed class ScriptedShardCache : IShardCache
{
    private readonly Lock _lock = new();
    private readonly InMemoryShardReader[] _readers;
    private readonly Dictionary<int, TaskCompletionSource> _gates = [];
    private readonly Dictionary<int, Exception> _failures = [];
    private readonly List<int> _requests = [];
    private int _pending;

    /// <summary>Creates the cache.</summary>
    /// <param name="firstId">The id of the first sample.</param>
    /// <param name="shardSizes">The number of samples of each shard.</param>
    public ScriptedShardCache(long firstId, params IReadOnlyList<int> shardSizes)
    {
        _readers = new InMemoryShardReader[shardSizes.Count];
        for (var i = 0; i < _readers.Length; i++)
        {
            _readers[i] = new InMemoryShardReader(firstId, shardSizes[i]);
            firstId += shardSizes[i];
        }
    }

    /// <summary>Gets what the index would say about the shards.</summary>
    public IReadOnlyList<ShardInfo> Shards => [.. _readers.Select(static reader => reader.Info)];

    /// <summary>Gets the shards asked for, in order.</summary>
    public IReadOnlyList<int> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Gets the number of leases that were given and not ended.</summary>
    public int OpenLeases { get; private set; }

    /// <summary>Gets the largest number of leases open at a time.</summary>
    public int MostOpenLeases { get; private set; }

    /// <summary>Gets the number of requests that wait.</summary>
    public int PendingRequests => Volatile.Read(ref _pending);

    /// <summary>Gets the largest number of requests that waited at a time.</summary>
    public int MostPendingRequests { get; private set; }

    /// <summary>Makes requests for a shard wait until <see cref="Open"/>.</summary>
    public void Close(int shard)
    {
        lock (_lock)
        {
            _gates[shard] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets requests for a shard continue.</summary>
    public void Open(int shard)
    {
        lock (_lock)
        {
            if (_gates.Remove(shard, out var gate))
            {
                gate.SetResult();
            }
        }
    }

    /// <summary>Makes requests for a shard fail.</summary>
    public void Fail(int shard, Exception exception)
    {
        lock (_lock)
        {
            _failures[shard] = exception;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ShardLease> LeaseAsync(int shard, CancellationToken cancellationToken = default)
    {
        Task gate;
        lock (_lock)
        {
            _requests.Add(shard);
            gate = _gates.TryGetValue(shard, out var closed) ? closed.Task : Task.CompletedTask;
            MostPendingRequests = Math.Max(MostPendingRequests, ++_pending);
        }

        try
        {
            await gate.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _pending--;
            }
        }

        lock (_lock)
        {
            if (_failures.TryGetValue(shard, out var failure))
            {
                throw failure;
            }

            MostOpenLeases = Math.Max(MostOpenLeases, ++OpenLeases);
        }

        return new Lease(this, shard);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Lease(ScriptedShardCache cache, int shard) : ShardLease
    {
        private bool _ended;

        public override int Shard => shard;

        public override ShardReader Reader => _ended ? throw new ObjectDisposedException(nameof(Lease)) : cache._readers[shard];

        public override void Dispose()
        {
            lock (cache._lock)
            {
                if (!_ended)
                {
                    _ended = true;
                    cache.OpenLeases--;
                }
            }
        }
    }
}
