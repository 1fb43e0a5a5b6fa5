// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>File system calls whose failures are <see cref="StorageException"/>s that name the file.</summary>
internal static class LocalFiles
{
    /// <summary>What the name of a file ends with until it is complete.</summary>
    public const string TemporaryExtension = ".tmp";

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            File.WriteAllBytes(path, content);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }

    /// <summary>Writes a file so that it exists whole or not at all, also after a power cut.</summary>
    public static void Publish(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + TemporaryExtension;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            DeleteQuietly(temporary);
            throw FileErrors.ToStorageException(exception, path);
        }
    }

    /// <summary>Deletes a file on the way out of a failure, which matters more than one to delete it.</summary>
    public static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            // The next run deletes it.
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
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }
}
