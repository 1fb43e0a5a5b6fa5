// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;
using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Finds the shard of a sample and the cache that leases it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class ShardMap(Spanner spanner, ImmutableArray<ShardSource> sources)
{
    /// <summary>Gets the numbers of samples and shards.</summary>
    public Spanner Spanner => spanner;

    /// <summary>Gets the streams.</summary>
    public ImmutableArray<ShardSource> Sources => sources;

    /// <summary>Gets the cache that leases a shard, and the shard's number there.</summary>
    public (IShardCache Cache, int Shard) Resolve(int shard)
    {
        var stream = spanner.GetStream(shard);
        return (sources[stream].Cache, shard - spanner.GetShards(stream).First);
    }

    /// <summary>Names a shard's data file for messages.</summary>
    public string Describe(int shard)
    {
        var stream = spanner.GetStream(shard);
        var files = sources[stream].Shards[shard - spanner.GetShards(stream).First].Files;
        var location = sources[stream].Location;
        return files.IsDefaultOrEmpty ? $"{location} (shard {shard})" : $"{location}/{files[^1].Raw.Basename}";
    }
}
