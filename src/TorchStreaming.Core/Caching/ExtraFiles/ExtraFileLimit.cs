// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Caching;

/// <summary>Keeps the files of a folder within a limit: those go first that were not used for longest. Everything is read from the folder,
/// so that it holds for all processes that use it.</summary>
internal sealed class ExtraFileLimit(CacheDirectory directory, long limit, ExtraFileCacheOptions options, ILogger logger)
{
    private long _evictions;

    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>Deletes files until there is room for some more bytes, or nothing is left that nobody uses.</summary>
    public async ValueTask MakeRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        using var held = await FileLock.AcquireAsync(
            directory.LocateLimitLock(), options.LockTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        var files = directory.List(cancellationToken);
        var excess = files.Values.Sum(static file => file.Bytes) + bytes - limit;
        if (excess <= 0)
        {
            return;
        }

        foreach (var name in files.OrderBy(file => GetLastUse(file.Key, file.Value)).Select(static file => file.Key))
        {
            if (excess <= 0)
            {
                return;
            }

            excess -= TryEvict(name);
            held.ReportProgress();
        }
    }

    private DateTime GetLastUse(string name, CachedFile file)
    {
        var lease = new FileInfo(directory.LocateLease(name));
        return lease.Exists ? lease.LastWriteTimeUtc : file.Changed;
    }

    private long TryEvict(string name)
    {
        try
        {
            // Nothing that this cache did not bring is deleted: what it brings has a lease.
            if (!File.Exists(directory.LocateLease(name)))
            {
                return 0;
            }

            using var alone = FileLock.TryAcquire(directory.LocateLease(name));
            if (alone is null)
            {
                return 0;
            }

            var bytes = CacheDirectory.Delete(directory.Locate(name));
            Interlocked.Increment(ref _evictions);
            Log.ExtraEvicted(logger, name, bytes);
            return bytes;
        }
        catch (TorchStreamingException error)
        {
            Log.ExtraNotEvicted(logger, name, error.Message);
            return 0;
        }
    }
}
