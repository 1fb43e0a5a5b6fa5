// SPDX-License-Identifier: MIT

using System.Diagnostics.Metrics;
using TorchStreaming.Diagnostics;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>The numbers of one cache, and the process's instruments that they are added to. Thread-safe.</summary>
internal sealed class CacheCounters
{
    private static readonly Counter<long> Requests = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.cache.requests", "{request}", "Leases, by how they were met: hit, wait or miss.");

    private static readonly Counter<long> Downloaded = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.cache.download.size", "By", "Bytes of shard files downloaded.");

    private static readonly Counter<long> Rejected = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.cache.download.rejections", "{file}", "Downloads thrown away because their size or hash was wrong.");

    private static readonly Counter<long> Evictions = Telemetry.Meter.CreateCounter<long>(
        "torchstreaming.cache.evictions", "{shard}", "Shards deleted to keep a cache limit.");

    private static readonly UpDownCounter<long> Resident = Telemetry.Meter.CreateUpDownCounter<long>(
        "torchstreaming.cache.resident", "By", "Bytes of shard files in the directories of open caches.");

    private static readonly KeyValuePair<string, object?> Hit = new("outcome", "hit");
    private static readonly KeyValuePair<string, object?> Wait = new("outcome", "wait");
    private static readonly KeyValuePair<string, object?> Miss = new("outcome", "miss");

    private long _hits;
    private long _waits;
    private long _misses;
    private long _downloadedFiles;
    private long _downloadedBytes;
    private long _decompressedBytes;
    private long _rejectedDownloads;
    private long _evictions;
    private long _residentBytes;

    /// <summary>Gets the counts of requests to the store.</summary>
    public TransferCounters Transfers { get; } = new();

    public void CountRequest(LeaseOutcome outcome)
    {
        switch (outcome)
        {
            case LeaseOutcome.Hit:
                Interlocked.Increment(ref _hits);
                Requests.Add(1, Hit);
                break;
            case LeaseOutcome.Wait:
                Interlocked.Increment(ref _waits);
                Requests.Add(1, Wait);
                break;
            default:
                Interlocked.Increment(ref _misses);
                Requests.Add(1, Miss);
                break;
        }
    }

    public void CountDownload(long bytes)
    {
        Interlocked.Increment(ref _downloadedFiles);
        Interlocked.Add(ref _downloadedBytes, bytes);
        Downloaded.Add(bytes);
    }

    public void CountRejection()
    {
        Interlocked.Increment(ref _rejectedDownloads);
        Rejected.Add(1);
    }

    public void CountDecompression(long bytes) => Interlocked.Add(ref _decompressedBytes, bytes);

    /// <summary>Takes notice of what the directory was found to hold, whoever brought it or took it away.</summary>
    public void SetResident(long bytes) => Resident.Add(bytes - Interlocked.Exchange(ref _residentBytes, bytes));

    /// <summary>Counts a shard that this process deleted.</summary>
    public void CountEviction(long bytes)
    {
        Interlocked.Increment(ref _evictions);
        Evictions.Add(1);
        AddResident(-bytes);
    }

    public void AddResident(long bytes)
    {
        Interlocked.Add(ref _residentBytes, bytes);
        Resident.Add(bytes);
    }

    /// <summary>Takes this cache out of the process's gauge.</summary>
    public void Close() => Resident.Add(-Interlocked.Exchange(ref _residentBytes, 0));

    public CacheStatistics ToStatistics(int openShards) => new(
        Interlocked.Read(ref _hits),
        Interlocked.Read(ref _waits),
        Interlocked.Read(ref _misses),
        Interlocked.Read(ref _downloadedFiles),
        Interlocked.Read(ref _downloadedBytes),
        Interlocked.Read(ref _decompressedBytes),
        Interlocked.Read(ref _rejectedDownloads),
        Interlocked.Read(ref _residentBytes),
        openShards,
        Interlocked.Read(ref _evictions))
    {
        DownloadRequests = Transfers.Requests,
        FailedAttempts = Transfers.Failures,
        HedgedRequests = Transfers.Hedges,
        SampleRequests = Transfers.SampleReads,
        SampleRequestBytes = Transfers.SampleBytes,
    };
}
