// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;

namespace TorchStreaming.Conversion;

/// <summary>A directory with an index in it, and the shards of the index that it holds.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Remote">Where its index came from, without credentials; <see langword="null"/> when nobody downloaded it, so that the
/// directory may hold the only copy.</param>
/// <param name="ShardCount">The shards that the index has.</param>
/// <param name="IndexBytes">The bytes of the index.</param>
/// <param name="Shards">The shards with files here, in the order of the index.</param>
/// <param name="Problem">Why the index cannot be read, or <see langword="null"/>.</param>
internal sealed record CachedStream(
    string Directory, string? Remote, int ShardCount, long IndexBytes, ImmutableArray<CachedShard> Shards, string? Problem = null)
{
    /// <summary>Gets the bytes of index and shards.</summary>
    public long Bytes => IndexBytes + Shards.Sum(static shard => shard.Bytes);

    /// <summary>Gets when one of the shards was last used, in UTC.</summary>
    public DateTime? LastUse => Shards.Max(static shard => shard.LastUse);
}
