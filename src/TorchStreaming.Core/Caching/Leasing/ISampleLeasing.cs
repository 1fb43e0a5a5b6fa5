// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>Leases single samples of shards that are not resident, for a start that cannot wait for whole shards. Thread-safe.</summary>
internal interface ISampleLeasing
{
    /// <summary>Says whether samples of a shard may be asked for: it is not resident nor in flight, is stored raw in a format whose
    /// samples can be found by ranges, and no hash of the whole file must be checked first.</summary>
    bool CanLeaseSamples(int shard);

    /// <summary>Reads samples without the rest of their shard.</summary>
    /// <param name="shard">The shard's number within the stream.</param>
    /// <param name="samples">The samples' numbers within the shard.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A lease on a reader that has these samples, in memory; or <see langword="null"/> when they could not be read like this or
    /// need no less than the shard. A lease on the shard will give them, or tell what is wrong.</returns>
    ValueTask<ShardLease?> TryLeaseSamplesAsync(int shard, IReadOnlyCollection<int> samples, CancellationToken cancellationToken);
}
