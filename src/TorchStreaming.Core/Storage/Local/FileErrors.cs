// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Says what the failures of the file system mean.</summary>
internal static class FileErrors
{
    private const int WindowsError = unchecked((int)0x80070000);

    /// <summary>The <see cref="Exception.HResult"/> of a full disk.</summary>
    public static readonly int DiskFullCode = OperatingSystem.IsWindows() ? WindowsError + 112 : 28;

    /// <summary>Says whether an exception is one that file calls fail with.</summary>
    public static bool IsFileError(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Turns a failed file call into a failed store call.</summary>
    public static StorageException ToStorageException(Exception error, string path) => GetKind(error) switch
    {
        StorageErrorKind.NotFound => NotFound(path, error),
        StorageErrorKind.DiskFull => DiskFull(path, error),
        StorageErrorKind.PermissionDenied => new StorageException(
            StorageErrorKind.PermissionDenied,
            path,
            $"'{path}' may not be accessed by this user. Check the rights of the file and of its folders.",
            error),
        var kind => new StorageException(kind, path, $"'{path}' could not be accessed: {error.Message}", error),
    };

    /// <summary>Says that an object does not exist.</summary>
    public static StorageException NotFound(string path, Exception? error = null) =>
        new(StorageErrorKind.NotFound, path, $"'{path}' does not exist. Check the location and, if it has one, the split.", error);

    /// <summary>Says that there is no room left.</summary>
    public static StorageException DiskFull(string path, Exception? error = null) =>
        new(
            StorageErrorKind.DiskFull,
            path,
            $"There is no room left to write '{path}'. Free space or choose a folder on another disk.",
            error);

    /// <summary>Says whether another handle holds the lock that an open asked for.</summary>
    public static bool IsLocked(IOException error) =>
        error.HResult is WindowsError + 32 or WindowsError + 33 || error.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);

    /// <summary>Says whether the file system takes no writes.</summary>
    public static bool IsReadOnly(Exception error) =>
        error is UnauthorizedAccessException || error.HResult is WindowsError + 19 || (!OperatingSystem.IsWindows() && error.HResult == 30);

    private static StorageErrorKind GetKind(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => StorageErrorKind.NotFound,
        NotSupportedException => StorageErrorKind.NotSupported,
        _ when IsDiskFull(error) => StorageErrorKind.DiskFull,
        _ when IsReadOnly(error) => StorageErrorKind.PermissionDenied,
        PathTooLongException => StorageErrorKind.Other,
        _ => StorageErrorKind.Unavailable,
    };

    // ENOSPC, and EDQUOT where the user's share of the disk is used up.
    private static bool IsDiskFull(Exception error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsError + 112 or WindowsError + 39
        : error.HResult == DiskFullCode || error.HResult == (OperatingSystem.IsMacOS() ? 69 : 122);
}
