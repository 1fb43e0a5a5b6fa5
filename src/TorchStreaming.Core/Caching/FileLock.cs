// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>An exclusive lock between processes, held through an open file. The system ends it with the process, however that
/// ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock if nobody holds it.</summary>
    /// <exception cref="CacheException">The lock file cannot be made.</exception>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException error) when (FileErrors.IsLocked(error))
        {
            return null;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    /// <summary>Waits for the lock as long as its holder makes progress.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="timeout">How long the holder may go without a sign of progress.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lock, and whether it was held by somebody else before.</returns>
    /// <exception cref="CacheException">The holder made no progress, or the lock file cannot be made.</exception>
    public static async ValueTask<(FileLock Lock, bool Waited)> AcquireAsync(
        string path, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var since = timeProvider.GetTimestamp();
        var progress = DateTime.MinValue;
        var pause = ShortestPause;
        for (var waited = false; ; waited = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } acquired)
            {
                return (acquired, waited);
            }

            var latest = File.GetLastWriteTimeUtc(path);
            if (latest != progress)
            {
                progress = latest;
                since = timeProvider.GetTimestamp();
            }
            else if (timeProvider.GetElapsedTime(since) >= timeout)
            {
                throw CacheErrors.Stuck(path, timeProvider.GetElapsedTime(since));
            }

            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Shows those who wait that there is progress: they watch the lock file's time of change.</summary>
    public void ReportProgress()
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, "*"u8, 0);
        }
        catch (IOException)
        {
            // The work itself will fail on a full disk; a missing sign of life alone is no reason to.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
