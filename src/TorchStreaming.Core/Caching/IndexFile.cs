// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings the index of a stream into its local directory.</summary>
public static class IndexFile
{
    /// <summary>The largest index that is read. A million shards with two hashes each take about 600 MB.</summary>
    private const long SizeLimit = int.MaxValue;

    /// <summary>Gets the local index; downloads it first when it is not there. One that is there is believed and not refreshed.</summary>
    /// <param name="directory">The local directory of the stream or split.</param>
    /// <param name="remote">Where the index comes from, rooted at the stream or split; not disposed. <see langword="null"/> when
    /// <paramref name="directory"/> holds the only copy.</param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the call; nothing half-written stays.</param>
    /// <returns>The path of the index.</returns>
    /// <exception cref="StorageException">There is no index, or it could not be downloaded.</exception>
    /// <exception cref="CacheException">The directory cannot be written.</exception>
    /// <remarks>Thread-safe, also across processes. Mirrors <c>streaming.Stream.get_shards</c>.</remarks>
    public static async ValueTask<string> AcquireAsync(
        string directory, IObjectStore? remote, ShardCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ShardCacheOptions();
        var root = new CacheDirectory(directory);
        var path = root.Locate(DatasetIndex.FileName);
        if (CacheDirectory.GetSize(path) is not null)
        {
            return path;
        }

        if (remote is null || root.IsSameAs(remote))
        {
            throw CacheErrors.Missing(path);
        }

        var retrying = new RetryingObjectStore(remote, options.RetryPolicy, options.TimeProvider, options.LoggerFactory, ownsInner: false);
        var (held, _) = await FileLock.AcquireAsync(
            root.LocateLock(DatasetIndex.FileName), options.LockTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        using (held)
        {
            if (CacheDirectory.GetSize(path) is null)
            {
                await DownloadAsync(retrying, path, held, cancellationToken).ConfigureAwait(false);
            }
        }

        return path;
    }

    private static async ValueTask DownloadAsync(
        RetryingObjectStore remote, string path, FileLock held, CancellationToken cancellationToken)
    {
        var content = await remote.OpenReadAsync(DatasetIndex.FileName, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var contentDisposal = content.ConfigureAwait(false);
        var file = CacheFiles.Create(path, Math.Max(content.Info.Size, 0));
        await using var fileDisposal = file.ConfigureAwait(false);
        var buffer = new byte[FileDownloader.ChunkSize];
        var bytes = 0L;
        while (await content.Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            bytes += read;
            if (bytes > SizeLimit)
            {
                throw new ShardFormatException(
                    new ShardLocation($"{remote.Location}/{DatasetIndex.FileName}"),
                    string.Create(CultureInfo.InvariantCulture, $"it is larger than {SizeLimit} bytes, which no index is."));
            }

            await CacheFiles.WriteAsync(file, path, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            held.ReportProgress();
        }

        await CacheFiles.PublishAsync(file, path).ConfigureAwait(false);
    }
}
