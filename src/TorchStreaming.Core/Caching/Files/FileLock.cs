// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>A lock between processes, exclusive or shared, held through an open file. The system ends it with the process, however that
/// ends.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock if nobody holds it.</summary>
    /// <exception cref="CacheException">The lock file cannot be made.</exception>
    public static FileLock? TryAcquire(string path) => TryOpen(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Takes the lock beside others who share it, if nobody holds it for himself.</summary>
    /// <exception cref="CacheException">The lock file cannot be made.</exception>
    public static FileLock? TryShare(string path) => TryOpen(path, FileAccess.Read, FileShare.Read);

    /// <summary>Waits until nobody holds the lock for himself, and shares it.</summary>
    /// <inheritdoc cref="AcquireAsync"/>
    public static ValueTask<FileLock> ShareAsync(
        string path, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        WaitAsync(TryShare, path, timeout, timeProvider, cancellationToken);

    /// <summary>Waits for the lock as long as its holder makes progress.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="timeout">How long the holder may go without a sign of progress.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="CacheException">The holder made no progress, or the lock file cannot be made.</exception>
    public static ValueTask<FileLock> AcquireAsync(
        string path, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        WaitAsync(TryAcquire, path, timeout, timeProvider, cancellationToken);

    /// <summary>Reads the number that the lock file holds; 0 when it holds none.</summary>
    /// <exception cref="CacheException">The file cannot be read.</exception>
    public long ReadNumber()
    {
        try
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            return RandomAccess.Read(_file.SafeFileHandle, bytes, 0) == bytes.Length ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, _file.Name);
        }
    }

    /// <summary>Makes the lock file hold a number.</summary>
    /// <exception cref="TorchStreamingException">The file cannot be written.</exception>
    public void WriteNumber(long number)
    {
        try
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, _file.Name);
        }
    }

    /// <summary>Sets the lock file's time of change.</summary>
    public void Touch(DateTimeOffset time)
    {
        try
        {
            File.SetLastWriteTimeUtc(_file.Name, time.UtcDateTime);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // Another user's file; the time is a hint.
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

    private static FileLock? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, access, share, bufferSize: 0));
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

    private static async ValueTask<FileLock> WaitAsync(
        Func<string, FileLock?> tryTake, string path, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var since = timeProvider.GetTimestamp();
        var progress = DateTime.MinValue;
        var pause = ShortestPause;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (tryTake(path) is { } acquired)
            {
                return acquired;
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
}
