// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>How a shard cache downloads, checks and keeps.</summary>
internal sealed record ShardCacheOptions
{
    /// <summary>Gets the number of download attempts per file in total, the first one included.</summary>
    /// <value>The default is 2.</value>
    /// <remarks>Counts for each request, which continues after its last byte, and again for each file that arrives damaged or changes on its
    /// way. Permanent failures, such as a missing object, are not tried again. Mirrors
    /// <c>streaming.Stream(download_retry=…)</c>.</remarks>
    public int DownloadRetry
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(DownloadRetry));
            field = value;
        }
    } = 2;

    /// <summary>Gets how long a download may go without a further byte.</summary>
    /// <value>The default is 60 seconds.</value>
    /// <remarks>Another process that holds a shard may be silent for this long times one more than <see cref="DownloadRetry"/>. Mirrors
    /// <c>streaming.Stream(download_timeout=…)</c>.</remarks>
    public TimeSpan DownloadTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(DownloadTimeout));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, RetryPolicy.LongestWait, nameof(DownloadTimeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the hash that downloads are checked with, and compressed files before each decompression.</summary>
    /// <value>The default is <see langword="null"/>: sizes are checked, hashes are not.</value>
    /// <remarks>Mirrors <c>streaming.Stream(validate_hash=…)</c>.</remarks>
    public string? ValidateHash { get; init; }

    /// <summary>Gets whether compressed files stay beside the decompressed ones.</summary>
    /// <value>The default is <see langword="false"/>. Where there is no remote, or the remote is the directory itself, files are kept
    /// anyway.</value>
    /// <remarks>Mirrors <c>streaming.Stream(keep_zip=…)</c>.</remarks>
    public bool KeepZip { get; init; }

    /// <summary>Gets whether a local index is compared with the remote one, which is downloaded for it; a difference is logged as a
    /// warning.</summary>
    /// <value>The default is <see langword="false"/>: a local index is trusted, as upstream does.</value>
    public bool CheckIndex { get; init; }

    /// <summary>Gets the upper bound for the bytes of resident shards and of the index in the directory, all processes together.</summary>
    /// <value>The default is <see langword="null"/>: nothing is evicted. 0 means the same.</value>
    /// <remarks>It must be more than the index file takes and at least four times the largest shard in both forms. Leased shards are never
    /// evicted, in no process of the machine, so that the directory may exceed the limit by what is leased. Without a remote nothing is
    /// evicted at all. With a limit, readers close with their last lease. Mirrors
    /// <c>streaming.StreamingDataset(cache_limit=…)</c>.</remarks>
    public ByteSize? CacheLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value?.Bytes ?? 0, nameof(CacheLimit));
            field = value;
        }
    }

    /// <summary>Gets how many shards stay open (mapped) at a time. Leased shards stay open in any case.</summary>
    /// <value>The default is 256.</value>
    public int OpenShardLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(OpenShardLimit));
            field = value;
        }
    } = 256;

    /// <summary>Gets which kind of index <see cref="IndexFile"/> looks for.</summary>
    /// <value>The default is <see cref="DatasetIndexFormat.Any"/>.</value>
    public DatasetIndexFormat IndexFormat { get; init; }

    /// <summary>Gets the clock of all waits and time-outs.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets where the cache logs to.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    // The holder of a lock may use up its attempts before it makes room or fails.
    internal TimeSpan LockTimeout => DownloadTimeout * (DownloadRetry + 1);

    internal RetryPolicy RetryPolicy => new() { Attempts = DownloadRetry, StallTimeout = DownloadTimeout };
}
