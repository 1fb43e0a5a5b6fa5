// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;
using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>The shards of all streams of a dataset: where samples are, and who leases each shard.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class DatasetShards(Spanner spanner, ImmutableArray<StreamShards> streams)
{
    /// <summary>Gets the numbers of samples and shards.</summary>
    public Spanner Spanner => spanner;

    /// <summary>Gets the streams.</summary>
    public ImmutableArray<StreamShards> Streams => streams;

    /// <summary>Gets the cache that leases a shard, and the shard's number there.</summary>
    public (IShardCache Cache, int Shard) Resolve(int shard)
    {
        var stream = spanner.GetStream(shard);
        return (streams[stream].Cache, shard - spanner.GetShards(stream).First);
    }

    /// <summary>Names a shard's data file for messages.</summary>
    public string Describe(int shard)
    {
        var stream = spanner.GetStream(shard);
        var files = streams[stream].Shards[shard - spanner.GetShards(stream).First].Files;
        var location = streams[stream].Location;
        return files.IsDefaultOrEmpty ? $"{location} (shard {shard})" : $"{location}/{files[^1].Raw.Basename}";
    }
}
