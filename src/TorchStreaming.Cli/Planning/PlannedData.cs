// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>What a plan must know of the data: its shards' samples and bytes.</summary>
/// <param name="Samples">The samples of each shard.</param>
/// <param name="Bytes">The bytes of each shard in a cache.</param>
/// <param name="Downloads">The bytes of each shard on the link.</param>
internal sealed record PlannedData(ImmutableArray<int> Samples, ImmutableArray<long> Bytes, ImmutableArray<long> Downloads)
{
    /// <summary>Takes the sizes of a data set that is there.</summary>
    public static PlannedData Of(DatasetIndex index) => new(
        [.. index.Shards.Select(static shard => shard.SampleCount)],
        [.. index.Shards.Select(static shard => shard.RawBytes)],
        [.. index.Shards.Select(static shard => shard.StoredBytes)]);

    /// <summary>Makes up a data set of equal shards.</summary>
    /// <param name="samples">Its samples.</param>
    /// <param name="sampleBytes">The bytes of a sample.</param>
    /// <param name="shardBytes">The bytes of a shard.</param>
    public static PlannedData Imagine(long samples, long sampleBytes, long shardBytes)
    {
        var perShard = (int)Math.Clamp(shardBytes / sampleBytes, 1, int.MaxValue);
        var full = checked((int)(samples / perShard));
        var rest = (int)(samples % perShard);
        ImmutableArray<int> sizes = [.. Enumerable.Repeat(perShard, full), .. rest > 0 ? (int[])[rest] : []];
        ImmutableArray<long> bytes = [.. sizes.Select(size => size * sampleBytes)];
        return new PlannedData(sizes, bytes, bytes);
    }
}
