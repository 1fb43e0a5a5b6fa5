// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings the index of a stream into its local directory.</summary>
public static class IndexFile
{
    /// <summary>The largest index that is read. A million shards with two hashes each take about 600 MB.</summary>
    private const int SizeLimit = 1 << 30;

    /// <summary>Reads the local index; downloads it first when it is not there. One that is there is believed and not refreshed, unless it is
    /// damaged.</summary>
    /// <param name="directory">The local directory of the stream or split.</param>
    /// <param name="remote">Where the index comes from, rooted at the stream or split; not disposed. <see langword="null"/> when
    /// <paramref name="directory"/> holds the only copy.</param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call; nothing half-written stays.</param>
    /// <returns>The index.</returns>
    /// <exception cref="StorageException">There is no index, or it could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">The index is damaged. A damaged one is not taken into the directory.</exception>
    /// <exception cref="CacheException">The directory cannot be used.</exception>
    /// <remarks>Thread-safe, also across processes. Mirrors <c>streaming.Stream.get_shards</c>.</remarks>
    public static async ValueTask<DatasetIndex> ReadAsync(
        string directory, IObjectStore? remote, ShardCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ShardCacheOptions();
        var root = new CacheDirectory(directory);
        var path = root.Locate(DatasetIndex.FileName);
        if (remote is not null && root.IsSameAs(remote))
        {
            remote = null;
        }

        if (await TryReadLocalAsync(path, hasRemote: remote is not null, cancellationToken).ConfigureAwait(false) is { } local)
        {
            return local;
        }

        if (remote is null)
        {
            throw CacheErrors.Missing(path);
        }

        var retrying = new RetryingObjectStore(remote, options.RetryPolicy, options.TimeProvider, options.LoggerFactory, ownsInner: false);
        var held = await FileLock.AcquireAsync(
            root.LocateLock(DatasetIndex.FileName), options.LockTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        using (held)
        {
            // Whoever held the lock until now may have brought it.
            return await TryReadLocalAsync(path, hasRemote: true, cancellationToken).ConfigureAwait(false)
                ?? await DownloadAsync(retrying, path, held, options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the local index. A damaged one that can be fetched again counts as missing: a loss of power leaves such files.</summary>
    private static async ValueTask<DatasetIndex?> TryReadLocalAsync(string path, bool hasRemote, CancellationToken cancellationToken)
    {
        if (CacheDirectory.GetSize(path) is null)
        {
            return null;
        }

        try
        {
            return DatasetIndex.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
        catch (ShardFormatException) when (hasRemote)
        {
            return null;
        }
    }

    private static async ValueTask<DatasetIndex> DownloadAsync(
        RetryingObjectStore remote, string path, FileLock held, ShardCacheOptions options, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await DownloadOnceAsync(remote, path, held, cancellationToken).ConfigureAwait(false);
            }
            catch (TorchStreamingException error) when (attempt < options.DownloadRetry && IsDamage(error))
            {
                await Task.Delay(options.RetryPolicy.GetDelay(attempt), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // One that was replaced meanwhile, or came damaged or cut off by a server that does not say lengths.
    private static bool IsDamage(TorchStreamingException error) =>
        error is ShardFormatException or StorageException { Kind: StorageErrorKind.PreconditionFailed };

    private static async ValueTask<DatasetIndex> DownloadOnceAsync(
        RetryingObjectStore remote, string path, FileLock held, CancellationToken cancellationToken)
    {
        var location = $"{remote.Location}/{DatasetIndex.FileName}";
        var content = await remote.OpenReadAsync(DatasetIndex.FileName, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var contentDisposal = content.ConfigureAwait(false);
        using var bytes = new MemoryStream();
        var buffer = new byte[FileDownloader.ChunkSize];
        while (await content.Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            if (bytes.Length + read > SizeLimit)
            {
                throw new ShardFormatException(
                    new ShardLocation(location),
                    string.Create(CultureInfo.InvariantCulture, $"it is larger than {SizeLimit} bytes, which no index is."));
            }

            bytes.Write(buffer.AsSpan(0, read));
            held.ReportProgress();
        }

        var all = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        var index = DatasetIndex.Parse(all.Span, location);
        var file = CacheFiles.Create(path, all.Length);
        await using var fileDisposal = file.ConfigureAwait(false);
        await CacheFiles.WriteAsync(file, path, all, cancellationToken).ConfigureAwait(false);
        await CacheFiles.PublishAsync(file, path).ConfigureAwait(false);
        return index;
    }
}
