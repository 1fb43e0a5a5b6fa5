// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;

namespace TorchStreaming.Loading;

/// <summary>The shards of one stream and the cache that leases them.</summary>
/// <param name="Location">Where the shards come from, for messages, free of secrets.</param>
/// <param name="Shards">What the index says about them, in its order.</param>
/// <param name="Cache">Leases them by their place in <paramref name="Shards"/>.</param>
internal sealed record StreamShards(string Location, IReadOnlyList<ShardInfo> Shards, IShardCache Cache)
{
    /// <summary>Gets the distinct column sets of the shards.</summary>
    public IEnumerable<ShardSchema> Schemas =>
        Shards is ShardList list ? list.Schemas : Shards.Select(static shard => shard.Schema).Distinct();
}
