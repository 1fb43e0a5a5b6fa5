// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>What a shard cache has done since it was opened.</summary>
/// <param name="Hits">Leases of shards that were resident.</param>
/// <param name="Waits">Leases that waited for a shard which another caller or another process was making resident.</param>
/// <param name="Misses">Leases that made a shard resident.</param>
/// <param name="DownloadedFiles">Files downloaded.</param>
/// <param name="DownloadedBytes">Bytes of the files downloaded.</param>
/// <param name="DecompressedBytes">Bytes written by decompression.</param>
/// <param name="RejectedDownloads">Downloads thrown away because their size or hash was wrong.</param>
/// <param name="ResidentBytes">Bytes of the shard files in the directory, as this cache knows them.</param>
/// <param name="OpenShards">Shards that are open now.</param>
/// <param name="Evictions">Shards that this process deleted to keep the cache limit.</param>
public sealed record CacheStatistics(
    long Hits,
    long Waits,
    long Misses,
    long DownloadedFiles,
    long DownloadedBytes,
    long DecompressedBytes,
    long RejectedDownloads,
    long ResidentBytes,
    int OpenShards,
    long Evictions = 0);
