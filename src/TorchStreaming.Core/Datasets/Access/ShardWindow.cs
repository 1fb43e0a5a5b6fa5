// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;

namespace TorchStreaming.Datasets;

/// <summary>Leases samples in a given order and keeps the shards that the next ones need: each shard is leased once for all of them, and
/// fetched while earlier ones are read.</summary>
/// <remarks>Not thread-safe. Holds a bounded number of leases, beside those of the samples that it lent.</remarks>
internal sealed class ShardWindow : IAsyncDisposable
{
    /// <summary>The most shards that are held or in flight. Under a cache limit it is one: what is fetched ahead could otherwise take
    /// the room that an earlier shard waits for.</summary>
    private const int ShardLimit = 4;

    /// <summary>The most samples that are looked at ahead, so that the first one does not wait for a plan of all.</summary>
    private const int SampleLimit = 1024;

    private readonly DatasetShards _shards;
    private readonly SampleNumbers _numbers;
    private readonly int _shardLimit;
    private readonly CancellationTokenSource _stop;
    private readonly Queue<(long Id, ShardPosition Place)> _ahead = [];
    private readonly Dictionary<int, Claim> _claims = [];
    private long _next;

    public ShardWindow(DatasetShards shards, SampleNumbers numbers, bool hasCacheLimit, CancellationToken cancellationToken)
    {
        _shards = shards;
        _numbers = numbers;
        _shardLimit = hasCacheLimit ? 1 : ShardLimit;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Leases the next sample.</summary>
    /// <returns>The sample, which the caller disposes; <see langword="null"/> at the end.</returns>
    public async ValueTask<Sample?> ReadNextAsync()
    {
        LookAhead();
        if (!_ahead.TryDequeue(out var next))
        {
            return null;
        }

        var claim = _claims[next.Place.Shard];
        var lease = await claim.Lease.ConfigureAwait(false);
        var sample = await Sample.LeaseAsync(_shards, next.Id, next.Place, _stop.Token).ConfigureAwait(false);
        if (--claim.Uses == 0)
        {
            _claims.Remove(next.Place.Shard);
            lease.Dispose();
        }

        return sample;
    }

    /// <summary>Ends what is in flight and gives all leases back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var claim in _claims.Values)
        {
            // A shard that nobody reads any more may fail or not.
            await ((Task)claim.Lease).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (claim.Lease.IsCompletedSuccessfully)
            {
                (await claim.Lease.ConfigureAwait(false)).Dispose();
            }
        }

        _claims.Clear();
        _stop.Dispose();
    }

    private void LookAhead()
    {
        for (; _next < _numbers.Count && _ahead.Count < SampleLimit; _next++)
        {
            var id = _numbers[_next];
            var place = _shards.Spanner.Find(id);
            if (!_claims.TryGetValue(place.Shard, out var claim))
            {
                if (_claims.Count == _shardLimit)
                {
                    return;
                }

                var (cache, number) = _shards.Resolve(place.Shard);
                claim = new Claim(cache.LeaseAsync(number, _stop.Token).AsTask());
                _claims.Add(place.Shard, claim);
            }

            claim.Uses++;
            _ahead.Enqueue((id, place));
        }
    }

    private sealed class Claim(Task<ShardLease> lease)
    {
        public Task<ShardLease> Lease { get; } = lease;

        public int Uses { get; set; }
    }
}
