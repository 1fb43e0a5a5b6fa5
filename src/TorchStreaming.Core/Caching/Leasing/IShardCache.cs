// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>Makes the shards of one stream resident in a local directory and leases them.</summary>
/// <remarks>Thread-safe. Several processes may use one directory at a time.</remarks>
internal interface IShardCache : IAsyncDisposable
{
    /// <summary>Makes a shard resident (downloads, verifies, decompresses, publishes) and leases it.</summary>
    /// <param name="shard">The shard's number within the stream.</param>
    /// <param name="cancellationToken">Ends the wait; a download that others wait for continues.</param>
    /// <returns>The lease, which the caller disposes.</returns>
    /// <exception cref="StorageException">The shard could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">The shard is damaged.</exception>
    /// <exception cref="CacheException">The directory cannot be written.</exception>
    ValueTask<ShardLease> LeaseAsync(int shard, CancellationToken cancellationToken = default);
}
