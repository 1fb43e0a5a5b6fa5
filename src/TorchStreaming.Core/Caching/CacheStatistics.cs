// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Diagnostics;

namespace TorchStreaming;

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
    long Evictions = 0)
{
    /// <summary>Gets the requests made for whole files and parts of files; second ones for stragglers and new attempts not
    /// included.</summary>
    public long DownloadRequests { get; init; }

    /// <summary>Gets the attempts that failed with a transient error: errors of the store, broken and stalled bodies.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Gets the second requests made for parts that took far longer than others.</summary>
    public long HedgedRequests { get; init; }

    /// <summary>Gets the requests for headers and single samples of shards that were not there yet.</summary>
    public long SampleRequests { get; init; }

    /// <summary>Gets the bytes of <see cref="SampleRequests"/>, which <see cref="DownloadedBytes"/> does not hold.</summary>
    public long SampleRequestBytes { get; init; }

    /// <summary>Adds the numbers of several caches.</summary>
    /// <param name="caches">The numbers of each.</param>
    /// <returns>The sums.</returns>
    public static CacheStatistics Sum(IEnumerable<CacheStatistics> caches)
    {
        ArgumentNullException.ThrowIfNull(caches);
        return caches.Aggregate(new CacheStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0), static (sum, cache) => new CacheStatistics(
            sum.Hits + cache.Hits,
            sum.Waits + cache.Waits,
            sum.Misses + cache.Misses,
            sum.DownloadedFiles + cache.DownloadedFiles,
            sum.DownloadedBytes + cache.DownloadedBytes,
            sum.DecompressedBytes + cache.DecompressedBytes,
            sum.RejectedDownloads + cache.RejectedDownloads,
            sum.ResidentBytes + cache.ResidentBytes,
            sum.OpenShards + cache.OpenShards,
            sum.Evictions + cache.Evictions)
        {
            DownloadRequests = sum.DownloadRequests + cache.DownloadRequests,
            FailedAttempts = sum.FailedAttempts + cache.FailedAttempts,
            HedgedRequests = sum.HedgedRequests + cache.HedgedRequests,
            SampleRequests = sum.SampleRequests + cache.SampleRequests,
            SampleRequestBytes = sum.SampleRequestBytes + cache.SampleRequestBytes,
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Counted.Of(Hits + Waits + Misses, "lease")}: {Hits} found the shard there, {Waits} waited, {Misses} fetched";
}
