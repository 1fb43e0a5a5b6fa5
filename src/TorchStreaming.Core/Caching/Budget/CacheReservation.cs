// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>Room for a shard that is about to be asked for, until it is disposed. Without a budget it claims nothing.</summary>
internal sealed class CacheReservation(CacheBudget? budget, LimitedDirectory? directory, int shard) : IDisposable
{
    /// <summary>Gets the reservation of shards that need no room.</summary>
    public static CacheReservation None { get; } = new(null, null, 0);

    public LimitedDirectory? Directory => directory;

    /// <summary>Gets the shard's number within the stream.</summary>
    public int Shard => shard;

    /// <inheritdoc/>
    public void Dispose() => budget?.End(this);
}
