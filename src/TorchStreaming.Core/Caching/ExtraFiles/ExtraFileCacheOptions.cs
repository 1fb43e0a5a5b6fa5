// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>How an <see cref="ExtraFileCache"/> downloads and what it keeps.</summary>
internal sealed record ExtraFileCacheOptions
{
    /// <summary>Gets how many times a download is tried, the first time included.</summary>
    /// <value>The default is 2.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int DownloadRetry
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>Gets how long a download may go without progress.</summary>
    /// <value>The default is 60 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or above 40 days.</exception>
    public TimeSpan DownloadTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, RetryPolicy.LongestWait);
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the upper bound for the bytes of files kept in the local folder, by all processes that use it.</summary>
    /// <value>The default is <see langword="null"/>: nothing is deleted.</value>
    /// <remarks>Files that somebody uses stay, so that the limit is exceeded while these alone are larger. Without a remote nothing is
    /// ever deleted.</remarks>
    public ByteSize? Limit { get; init; }

    /// <summary>Gets the clock.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets where the cache logs to.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal RetryPolicy RetryPolicy => new() { Attempts = DownloadRetry, StallTimeout = DownloadTimeout };

    // The holder of a lock may use up its attempts before it fails.
    internal TimeSpan LockTimeout => DownloadTimeout * (DownloadRetry + 1);
}
