// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>A stream whose index was read and whose local directory was set up: its shards can be looked at and made resident one by one.
/// Datasets open their streams by themselves; this is for tools.</summary>
/// <remarks>Thread-safe. Dispose it to give files and connections back. Mirrors what <c>streaming.Stream</c> does once its defaults are applied:
/// <c>get_shards</c>, <c>set_up_local</c> (both happen on opening), <c>get_index_size</c> and <c>prepare_shard</c>.</remarks>
internal sealed class OpenedStream : IAsyncDisposable
{
    private readonly IObjectStore? _store;

    internal OpenedStream(ResolvedStream resolved, DatasetIndex index, ShardCache cache, IObjectStore? store)
    {
        Resolved = resolved;
        Index = index;
        Cache = cache;
        _store = store;
    }

    /// <summary>Gets the shards and their columns.</summary>
    /// <remarks>Mirrors <c>streaming.Stream.get_shards</c>.</remarks>
    public DatasetIndex Index { get; }

    /// <summary>Gets where the shards come from, split included and free of secrets.</summary>
    public string Location => _store?.Location ?? Resolved.Local;

    /// <summary>Gets the full path of the local directory, split included.</summary>
    public string Local => Resolved.Local;

    /// <summary>Gets the size of the index file in bytes; 0 for tars without one.</summary>
    /// <remarks>Mirrors <c>streaming.Stream.get_index_size</c>.</remarks>
    public long IndexBytes => new FileInfo(IndexFile.Find(Local, Resolved.Stream.IndexFormat)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Gets what was fetched so far and how much is resident.</summary>
    public CacheStatistics CacheStatistics => Cache.Statistics;

    internal ResolvedStream Resolved { get; }

    internal ShardCache Cache { get; }

    /// <summary>Gets the stream as loaders see it.</summary>
    internal StreamShards Shards => new(Location, Index.Shards, Cache);

    /// <summary>Makes a shard resident: downloads, verifies and decompresses it where that has not been done.</summary>
    /// <param name="shard">The shard's place in <see cref="Index"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the shard is resident.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    /// <exception cref="StorageException">The shard could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">The shard is damaged.</exception>
    /// <exception cref="CacheException">The local directory cannot be used.</exception>
    /// <remarks>Mirrors <c>streaming.Stream.prepare_shard</c>.</remarks>
    public async ValueTask PrepareShardAsync(int shard, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Index.Shards.Length);
        (await Cache.LeaseAsync(shard, cancellationToken).ConfigureAwait(false)).Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync().ConfigureAwait(false);
        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
