// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Brings files of an index into temporary files, checked for size and hash.</summary>
internal sealed class FileDownloader(IObjectStore remote, ShardCacheOptions options, CacheCounters counters, ILogger logger)
{
    /// <summary>The unit of copying; large, so that neither locks nor system calls count.</summary>
    public const int ChunkSize = 1 << 18;

    /// <summary>Downloads a file. What arrives damaged is thrown away and asked for again.</summary>
    /// <returns>The file, checked and not yet published.</returns>
    public async ValueTask<TemporaryFile> DownloadAsync(
        ShardFileInfo info, string destination, FileLock held, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await DownloadOnceAsync(info, destination, held, cancellationToken).ConfigureAwait(false);
            }
            catch (ShardIntegrityException error)
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

    private async ValueTask<TemporaryFile> DownloadOnceAsync(
        ShardFileInfo info, string destination, FileLock held, CancellationToken cancellationToken)
    {
        var location = new ShardLocation($"{remote.Location}/{info.Basename}");
        var content = await remote.OpenReadAsync(info.Basename, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var disposal = content.ConfigureAwait(false);
        if (content.Info.Size >= 0 && !info.CanHave(content.Info.Size))
        {
            throw FileVerifier.WrongSize(location, info, content.Info.Size.ToString(CultureInfo.InvariantCulture));
        }

        using var verifier = new FileVerifier(info, options.ValidateHash, location);
        var file = CacheFiles.Create(destination, info.MostBytes);
        try
        {
            await CopyAsync(content.Stream, file, destination, verifier, held, cancellationToken).ConfigureAwait(false);
            verifier.Complete();
            counters.CountDownload(verifier.Bytes);
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask CopyAsync(
        Stream source, TemporaryFile file, string destination, FileVerifier verifier, FileLock held, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                verifier.Append(buffer.AsSpan(0, read));
                await CacheFiles.WriteAsync(file, destination, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                held.ReportProgress();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
