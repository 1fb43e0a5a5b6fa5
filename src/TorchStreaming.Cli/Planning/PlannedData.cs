// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>What a plan must know of the data: its shards' samples and bytes.</summary>
/// <param name="Samples">The samples of each shard.</param>
/// <param name="Bytes">The bytes of each shard in a cache.</param>
/// <param name="Downloads">The bytes of each shard on the link.</param>
/// <param name="FindableSamples">Whether single samples of each shard can be read by ranges.</param>
internal sealed record PlannedData(
    ImmutableArray<int> Samples, ImmutableArray<long> Bytes, ImmutableArray<long> Downloads, ImmutableArray<bool> FindableSamples)
{
    /// <summary>Takes the sizes of a dataset that is there.</summary>
    public static PlannedData Of(DatasetIndex index) => new(
        [.. index.Shards.Select(static shard => shard.SampleCount)],
        [.. index.Shards.Select(static shard => shard.RawBytes)],
        [.. index.Shards.Select(static shard => shard.StoredBytes)],
        [.. index.Shards.Select(static shard => shard is { Schema.Format: ShardFormats.Mds, Files: [{ Zip: null }] })]);

    /// <summary>Makes up a dataset of equal shards.</summary>
    /// <param name="samples">Its samples.</param>
    /// <param name="sampleBytes">The bytes of a sample.</param>
    /// <param name="shardBytes">The bytes of a shard.</param>
    /// <param name="compressedBytes">The bytes of a sample on the link, or <see langword="null"/> for shards that are not compressed.</param>
    public static PlannedData Imagine(long samples, long sampleBytes, long shardBytes, long? compressedBytes)
    {
        var perShard = (int)Math.Clamp(shardBytes / sampleBytes, 1, int.MaxValue);
        var full = checked((int)(samples / perShard));
        var rest = (int)(samples % perShard);
        ImmutableArray<int> sizes = [.. Enumerable.Repeat(perShard, full), .. rest > 0 ? (int[])[rest] : []];
        return new PlannedData(
            sizes,
            [.. sizes.Select(size => size * sampleBytes)],
            [.. sizes.Select(size => size * (compressedBytes ?? sampleBytes))],
            [.. sizes.Select(_ => compressedBytes is null)]);
    }
}
