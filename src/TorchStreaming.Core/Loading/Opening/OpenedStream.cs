// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Loading;

/// <summary>A stream whose index was read: its shards, the cache that lends them and the store they come from.</summary>
/// <param name="Settings">The stream's settings.</param>
/// <param name="Index">The index.</param>
/// <param name="Cache">The cache, owned.</param>
/// <param name="Store">The store, owned, or <see langword="null"/> when nothing is downloaded.</param>
internal sealed record OpenedStream(StreamSettings Settings, DatasetIndex Index, ShardCache Cache, IObjectStore? Store) : IAsyncDisposable
{
    /// <summary>Gets the stream as loaders see it.</summary>
    public ShardSource Shards => new(Store?.Location ?? Settings.Local, Index.Shards, Cache);

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync().ConfigureAwait(false);
        if (Store is not null)
        {
            await Store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
