// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings files that samples name, such as videos, from a remote folder to a local one, each when it is asked for.</summary>
/// <remarks>
/// <para>A file has its name only when it is whole: it is downloaded beside, its size is compared with the remote's, and then it is
/// renamed. A download that breaks off, or whose process ends, continues after its last byte if the remote file is still the same. Several
/// processes may share the local folder: one downloads, the others wait for it.</para>
/// <para>Without a remote, or when the remote is the local folder, files are used where they are. Thread-safe. Goes beyond
/// <c>streaming.multimodal.StreamingOutsideGIWebVid</c>, which tries once and keeps everything.</para>
/// </remarks>
internal sealed class ExtraFileCache : IAsyncDisposable
{
    private readonly CacheDirectory _directory;
    private readonly ExtraFileCacheOptions _options;
    private readonly IObjectStore? _store;
    private readonly ExtraFileDownloader? _downloader;
    private readonly ExtraFileLimit? _limit;
    private long _hits;
    private bool _disposed;

    /// <summary>Creates the cache. No I/O is done but to find out where the local folder really is.</summary>
    /// <param name="local">The local folder; made when the first file comes.</param>
    /// <param name="remote">The remote folder, disposed with the cache; <see langword="null"/> when the files are in
    /// <paramref name="local"/>.</param>
    /// <param name="options">How to download and what to keep; <see langword="null"/> for the defaults.</param>
    public ExtraFileCache(string local, IObjectStore? remote = null, ExtraFileCacheOptions? options = null)
    {
        _directory = new CacheDirectory(local);
        _options = options ?? new ExtraFileCacheOptions();
        _store = remote;
        if (remote is null || _directory.IsSameAs(remote))
        {
            return;
        }

        var logger = (_options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ExtraFileCache>();
        var retrying = new RetryingObjectStore(
            remote, _options.RetryPolicy, _options.TimeProvider, _options.LoggerFactory, ownsInner: false);
        _downloader = new ExtraFileDownloader(retrying);
        _limit = _options.Limit is { Bytes: > 0 } limit ? new ExtraFileLimit(_directory, limit.Bytes, _options, logger) : null;
    }

    /// <summary>Gets what the cache has done.</summary>
    public ExtraFileStatistics Statistics => new(
        Interlocked.Read(ref _hits),
        _downloader?.Files ?? 0,
        _downloader?.Bytes ?? 0,
        _downloader?.ResumedBytes ?? 0,
        _limit?.Evictions ?? 0);

    /// <summary>Makes a file be there.</summary>
    /// <param name="path">Its path below both folders, with <c>/</c> between its parts.</param>
    /// <param name="cancellationToken">Ends the wait; what was downloaded so far is kept for the next time.</param>
    /// <returns>The file, which stays until it is disposed.</returns>
    /// <exception cref="ShardFormatException">The path leads out of the folder.</exception>
    /// <exception cref="StorageException">The file does not exist, or cannot be downloaded.</exception>
    /// <exception cref="ShardIntegrityException">The file does not have the size that the remote says.</exception>
    /// <exception cref="CacheException">The local folder cannot be used.</exception>
    public async ValueTask<ExtraFile> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var file = _directory.Locate(path);
        if (_downloader is null)
        {
            return CacheDirectory.GetSize(file) is null ? throw CacheErrors.Missing(file) : Hit(file, lease: null);
        }

        // The lease comes first: nobody deletes the file between its arrival and its use.
        var lease = await FileLock.ShareAsync(
            _directory.LocateLease(path), _options.LockTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        try
        {
            lease.Touch(_options.TimeProvider.GetUtcNow());
            if (CacheDirectory.GetSize(file) is not null)
            {
                return Hit(file, lease);
            }

            await DownloadAsync(_downloader, path, file, cancellationToken).ConfigureAwait(false);
            return new ExtraFile(file, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return ValueTask.CompletedTask;
        }

        _disposed = true;
        return _store?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async ValueTask DownloadAsync(
        ExtraFileDownloader downloader, string path, string file, CancellationToken cancellationToken)
    {
        using var held = await FileLock.AcquireAsync(
            _directory.LocateLock(path), _options.LockTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (CacheDirectory.GetSize(file) is not null)
        {
            return;
        }

        await downloader.DownloadAsync(path, _directory.LocateLock(path), file, held, _limit, cancellationToken).ConfigureAwait(false);
    }

    private ExtraFile Hit(string file, FileLock? lease)
    {
        Interlocked.Increment(ref _hits);
        return new ExtraFile(file, lease);
    }
}
