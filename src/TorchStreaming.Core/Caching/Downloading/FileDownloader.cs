// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings files of an index into temporary files. Size and hash are checked, and compressed bytes decompressed, while they
/// come.</summary>
internal sealed class FileDownloader(ObjectDownloader remote, ShardCacheOptions options, CacheCounters counters, ILogger logger)
{
    /// <summary>The unit of copying; large, so that neither locks nor system calls count.</summary>
    public const int ChunkSize = 1 << 18;

    /// <summary>Downloads a file. What arrives damaged, or changes on the way, is thrown away and asked for again.</summary>
    /// <param name="info">The file.</param>
    /// <param name="destination">The name that it will get.</param>
    /// <param name="held">The lock to show progress on.</param>
    /// <param name="consume">Reads the bytes, from the first to the last, while they come; it may be called again for another attempt. What
    /// it makes of them must not be used before this call has ended. <see langword="null"/> when nobody does.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The file, checked and not yet published.</returns>
    public async ValueTask<TemporaryFile> DownloadAsync(
        ShardFileInfo info,
        string destination,
        FileLock held,
        Func<Stream, CancellationToken, Task>? consume,
        CancellationToken cancellationToken)
    {
        var location = new ShardLocation($"{remote.Location}/{info.Basename}");
        if (options.ValidateHash is { } hash)
        {
            FileVerifier.GetExpected(info, hash, location);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await DownloadOnceAsync(info, destination, location, held, consume, cancellationToken).ConfigureAwait(false);
            }
            catch (TorchStreamingException error) when (IsDamage(error))
            {
                counters.CountRejection();
                if (attempt == options.DownloadRetry)
                {
                    throw;
                }

                Log.Rejected(logger, attempt, info.Basename, error.Message);
                await Task.Delay(options.RetryPolicy.GetDelay(attempt), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Of what fails without these the store below has made its attempts.
    private static bool IsDamage(TorchStreamingException error) =>
        error is ShardFormatException or StorageException { Kind: StorageErrorKind.PreconditionFailed };

    private async ValueTask<TemporaryFile> DownloadOnceAsync(
        ShardFileInfo info,
        string destination,
        ShardLocation location,
        FileLock held,
        Func<Stream, CancellationToken, Task>? consume,
        CancellationToken cancellationToken)
    {
        var file = CacheFiles.Create(destination, info.MostBytes);
        try
        {
            var arriving = new ArrivingFile(file.Stream, destination, info, location, held);
            using var verifier = new FileVerifier(info, options.ValidateHash, location);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var download = ReceiveAsync(info, arriving, stop.Token);
            var check = CheckAsync(arriving, verifier, consume, stop);
            await download.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndAsync(download, check).ConfigureAwait(false);
            arriving.ThrowIfIncomplete();
            counters.CountDownload(arriving.Received);
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Throws the failure that came first: a failed download is what its check fails of, and a failed check cancels the
    /// download.</summary>
    private static async Task EndAsync(Task download, Task check)
    {
        if (check.Exception?.InnerException is not (null or ArrivalFailedException) && !download.IsFaulted)
        {
            await check.ConfigureAwait(false);
        }

        await download.ConfigureAwait(false);
        await check.ConfigureAwait(false);
    }

    private async Task ReceiveAsync(ShardFileInfo info, ArrivingFile file, CancellationToken cancellationToken)
    {
        try
        {
            await remote.DownloadAsync(info.Basename, info.Bytes, file, cancellationToken).ConfigureAwait(false);
            file.End(failure: null);
        }
        catch (Exception error)
        {
            file.End(error);
            throw;
        }
    }

    private async Task CheckAsync(
        ArrivingFile file, FileVerifier verifier, Func<Stream, CancellationToken, Task>? consume, CancellationTokenSource stop)
    {
        if (consume is null && options.ValidateHash is null)
        {
            // Sizes are checked as the bytes are written; nobody needs to read them.
            return;
        }

        var bytes = new VerifyingStream(file, verifier);
        await using var disposal = bytes.ConfigureAwait(false);
        try
        {
            try
            {
                if (consume is not null)
                {
                    await consume(bytes, stop.Token).ConfigureAwait(false);
                }
            }
            catch (ShardFormatException) when (options.ValidateHash is not null)
            {
                // Damaged bytes that the hash knows of are damage on the way; others were written so.
                await bytes.DrainAsync(stop.Token).ConfigureAwait(false);
                verifier.Complete();
                throw;
            }

            await bytes.DrainAsync(stop.Token).ConfigureAwait(false);
            verifier.Complete();
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
