// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Says what failures in the cache directory mean.</summary>
internal static class CacheErrors
{
    /// <summary>Turns a failed file call into a typed failure.</summary>
    public static TorchStreamingException FromFile(Exception error, string path)
    {
        var storage = FileErrors.ToStorageException(error, path);
        return storage.Kind switch
        {
            StorageErrorKind.DiskFull => storage,
            StorageErrorKind.PermissionDenied => new CacheException(
                path, $"The cache cannot write '{path}': the folder is read only for this user. "
                    + "Choose another local folder or change its rights.", error),
            _ when FindFileAbove(path) is { } file => new CacheException(
                path, $"The cache cannot use '{path}': '{file}' is a file, not a folder. Choose another local folder.", error),
            _ => new CacheException(path, $"The cache cannot use '{path}': {error.Message}", error),
        };
    }

    private static string? FindFileAbove(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>Says that a file of local-only data is missing.</summary>
    public static StorageException Missing(string path) => new(
        StorageErrorKind.NotFound,
        path,
        $"'{path}' does not exist, and there is no remote to get it from. "
            + "Check the local folder and, if there is one, the split, or give a remote.");

    /// <summary>Says that another process holds a lock and does not move.</summary>
    public static CacheException Stuck(string lockPath, TimeSpan waited) => new(
        lockPath,
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"Another process holds '{lockPath}' and made no progress for {waited.TotalSeconds:0.#} s. "
                + $"It may be stopped or cut off from the network; "
                + $"end it, or allow a longer {nameof(ShardCacheOptions.DownloadTimeout)}."));
}
