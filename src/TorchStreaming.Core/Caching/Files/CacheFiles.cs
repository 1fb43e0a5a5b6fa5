// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Temporary files in the cache directory, with the cache's errors.</summary>
internal static class CacheFiles
{
    public static TemporaryFile Create(string path, long size)
    {
        try
        {
            return TemporaryFile.Create(path, size);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    public static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    public static async ValueTask WriteAsync(
        TemporaryFile file, string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.Stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    public static async ValueTask PublishAsync(TemporaryFile file, string path)
    {
        try
        {
            await file.PublishAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }
}
