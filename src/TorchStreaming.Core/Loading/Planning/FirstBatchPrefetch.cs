// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Loading;

/// <summary>Gets the samples of an epoch's first batches ahead of their shards, where these are not there yet, so that a cold start waits
/// for the bytes of these batches and not for whole shards.</summary>
/// <remarks>Belongs to the prefetcher's walk. Shards are asked for when the last of these samples is there: until then the link is
/// theirs.</remarks>
internal sealed class FirstBatchPrefetch(DatasetShards shards, FillSchedule schedule, int batches)
{
    private readonly List<(WindowShard Shard, long Sequence, Task<bool> Work)> _running = [];

    /// <summary>Says whether a batch may get its samples ahead.</summary>
    public bool Includes(long sequence) => sequence < batches;

    /// <summary>Finds the shards of a batch that are not there and whose samples can be had.</summary>
    public HashSet<int>? FindAbsent(PlannedBatch batch)
    {
        var absent = new HashSet<int>();
        var seen = new HashSet<int>();
        for (var row = 0; row < batch.Count; row++)
        {
            var (shard, _) = shards.Spanner.Find(batch.SampleIds[row]);
            if (seen.Add(shard) && shards.Resolve(shard) is (ISampleLeasing leasing, var number) && CanLease(leasing, number))
            {
                absent.Add(shard);
            }
        }

        return absent.Count == 0 ? null : absent;
    }

    /// <summary>Asks for the samples of a shard.</summary>
    public void Start(WindowShard shard, long sequence, CancellationToken cancellationToken) =>
        _running.Add((shard, sequence, RequestAsync(shard, cancellationToken)));

    /// <summary>Waits until all samples asked for are there or cannot be had.</summary>
    /// <returns>The shards that must be asked for as a whole instead, with the batches that need them.</returns>
    public async Task<IReadOnlyList<(WindowShard Shard, long Sequence)>> EndAsync()
    {
        var wholes = new List<(WindowShard, long)>();
        foreach (var (shard, sequence, work) in _running)
        {
            if (!await work.ConfigureAwait(false))
            {
                wholes.Add((shard, sequence));
            }
        }

        _running.Clear();
        return wholes;
    }

    private static bool CanLease(ISampleLeasing leasing, int shard)
    {
        try
        {
            return leasing.CanLeaseSamples(shard);
        }
        catch (TorchStreamingException)
        {
            // The lease will say so, to the batch that it belongs to.
            return false;
        }
    }

    private async Task<bool> RequestAsync(WindowShard shard, CancellationToken cancellationToken)
    {
        try
        {
            var (cache, number) = shards.Resolve(shard.Number);
            var lease = await ((ISampleLeasing)cache).TryLeaseSamplesAsync(number, shard.Samples!, cancellationToken).ConfigureAwait(false);
            if (lease is null)
            {
                return false;
            }

            if (!schedule.Complete(shard, lease, failure: null))
            {
                lease.Dispose();
            }
        }
        catch (Exception exception)
        {
            schedule.Complete(shard, lease: null, exception);
        }

        return true;
    }
}
