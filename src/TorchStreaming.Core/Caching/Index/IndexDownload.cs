// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings the small files of a stream, its index above all, into memory and from there into the directory.</summary>
internal static class IndexDownload
{
    /// <summary>The largest index that is read. A million shards with two hashes each take about 600 MB.</summary>
    public const int SizeLimit = 1 << 30;

    /// <summary>Downloads an index, again if it was replaced meanwhile, or came damaged or cut off by a server that does not say
    /// lengths.</summary>
    public static async ValueTask<DatasetIndex> RetryDamageAsync(
        ShardCacheOptions options, Func<ValueTask<DatasetIndex>> download, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await download().ConfigureAwait(false);
            }
            catch (TorchStreamingException error) when (attempt < options.DownloadRetry
                && error is ShardFormatException or StorageException { Kind: StorageErrorKind.PreconditionFailed })
            {
                await Task.Delay(options.RetryPolicy.GetDelay(attempt), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads a remote file into memory.</summary>
    /// <param name="remote">Where it comes from.</param>
    /// <param name="name">The file.</param>
    /// <param name="held">The lock to show progress on, if others wait for one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The content, which the caller disposes.</returns>
    public static async ValueTask<IndexText> ReadAsync(
        RetryingObjectStore remote, string name, FileLock? held, CancellationToken cancellationToken)
    {
        var content = await remote.OpenReadAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var contentDisposal = content.ConfigureAwait(false);
        return await ReadAsync(content.Stream, $"{remote.Location}/{name}", held, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decompresses an index, as far as one may go.</summary>
    public static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> zip, string location)
    {
        try
        {
            using var source = new MemoryStream(zip.ToArray(), writable: false);
            using var decompressor = CompressionCodecs.Get("gz").OpenDecompressor(source);
            using var bytes = new MemoryStream();
            var buffer = new byte[FileDownloader.ChunkSize];
            while (decompressor.Read(buffer) is var read and > 0)
            {
                ThrowIfTooLarge(bytes.Length + read, location);
                bytes.Write(buffer, 0, read);
            }

            return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        }
        catch (InvalidDataException exception)
        {
            throw new ShardFormatException(new ShardLocation(location), $"it is not valid gz data: {exception.Message}", exception);
        }
    }

    /// <summary>Puts a file into the directory, whole or not at all.</summary>
    public static async ValueTask PublishAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var file = CacheFiles.Create(path, bytes.Length);
        await using var fileDisposal = file.ConfigureAwait(false);
        await CacheFiles.WriteAsync(file, path, bytes, cancellationToken).ConfigureAwait(false);
        await CacheFiles.PublishAsync(file, path).ConfigureAwait(false);
    }

    /// <summary>Reads an index of the directory into memory, if it is there.</summary>
    /// <returns>The content, which the caller disposes; <see langword="null"/> when there is no file.</returns>
    public static async ValueTask<IndexText?> TryReadTextAsync(string path, CancellationToken cancellationToken)
    {
        if (CacheDirectory.GetSize(path) is null)
        {
            return null;
        }

        var file = CacheFiles.OpenRead(path);
        await using var fileDisposal = file.ConfigureAwait(false);
        try
        {
            return await ReadAsync(file, path, held: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    /// <summary>Reads a file of the directory into memory, if it is there.</summary>
    public static async ValueTask<byte[]?> TryReadLocalAsync(string path, CancellationToken cancellationToken)
    {
        if (CacheDirectory.GetSize(path) is null)
        {
            return null;
        }

        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    // Streams read into memory of the heap: one that is abandoned on a timeout may still write.
    private static async ValueTask<IndexText> ReadAsync(
        Stream stream, string location, FileLock? held, CancellationToken cancellationToken)
    {
        var text = new IndexText();
        try
        {
            var buffer = new byte[FileDownloader.ChunkSize];
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                ThrowIfTooLarge((long)text.Length + read, location);
                text.Append(buffer.AsSpan(0, read));
                held?.ReportProgress();
            }

            return text;
        }
        catch
        {
            ((IDisposable)text).Dispose();
            throw;
        }
    }

    private static void ThrowIfTooLarge(long length, string location)
    {
        if (length > SizeLimit)
        {
            throw new ShardFormatException(
                new ShardLocation(location),
                string.Create(CultureInfo.InvariantCulture, $"it is larger than {SizeLimit} bytes, which no index is."));
        }
    }
}
