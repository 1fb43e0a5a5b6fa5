// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>File system calls whose failures are <see cref="StorageException"/>s that name the file.</summary>
internal static class LocalFiles
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            File.WriteAllBytes(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, exception);
        }
    }

    /// <summary>Writes a file so that it exists whole or not at all, also after a power cut.</summary>
    public static void Publish(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, exception);
        }
    }

    /// <summary>Runs file system calls.</summary>
    /// <param name="path">The file or folder for the message.</param>
    /// <param name="calls">The calls.</param>
    public static void Guard(string path, Action calls)
    {
        try
        {
            calls();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, exception);
        }
    }

    /// <summary>Turns a failed call into the exception to throw.</summary>
    public static StorageException Failure(string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(StorageErrorKind.NotFound, path, $"'{path}' does not exist.", exception),
        UnauthorizedAccessException => new(
            StorageErrorKind.PermissionDenied, path, $"'{path}' may not be read or written: {exception.Message} Check its owner and mode.", exception),
        { HResult: NoSpace or QuotaExceeded or WindowsHandleDiskFull or WindowsDiskFull } => new(
            StorageErrorKind.DiskFull, path, $"There is no room left to write '{path}'. Free some and run again; what is complete is kept.", exception),
        _ => new(StorageErrorKind.Other, path, $"'{path}': {exception.Message}", exception),
    };
}
