// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;

namespace TorchStreaming.Cli;

/// <summary>What <c>cache list --json</c> prints for each stream.</summary>
internal sealed record CachedStreamDocument(
    string Directory,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Remote,
    int ShardCount,
    long Bytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Problem,
    IEnumerable<CachedShardDocument> Shards);

/// <summary>A shard of a stream; when it was last used is a time of UTC in the round-trip format.</summary>
internal sealed record CachedShardDocument(
    int Number,
    string Name,
    long Bytes,
    bool Whole,
    bool Leased,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastUse);

/// <summary>What <c>cache prefetch --json</c> prints.</summary>
internal sealed record CachePrefetchDocument(string Directory, int Shards, int ShardCount, long WereResident, long DownloadedBytes);

/// <summary>What <c>cache trim --json</c> prints.</summary>
internal sealed record CacheTrimDocument(long EvictedShards, long EvictedBytes, long RemainingBytes, long OnlyCopyBytes);

/// <summary>What <c>cache verify --json</c> prints.</summary>
internal sealed record CacheVerifyDocument(
    bool Valid, int Streams, int Files, long Bytes, int UnhashedFiles, IEnumerable<CacheProblemDocument> Problems);

/// <summary>A file of a cache that is wrong.</summary>
internal sealed record CacheProblemDocument(string Path, string Problem, bool Removed);
