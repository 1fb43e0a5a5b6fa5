// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads whole files whose size was listed before.</summary>
internal static class RawFile
{
    /// <summary>The size of the largest file that is stored.</summary>
    public const long LargestFile = 1 << 30;

    /// <summary>Looks for a reason in the size of a file to refuse it.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? FindProblem(long bytes) =>
        bytes == 0 ? "The file is empty."
        : bytes > LargestFile ? $"The file has {bytes} bytes; more than {LargestFile} are refused." : null;

    /// <summary>Reads a file into rented memory, which the caller returns.</summary>
    /// <param name="path">The path.</param>
    /// <param name="size">The size it had when it was listed.</param>
    /// <param name="head">The room before its first byte.</param>
    /// <param name="tail">The room after its last byte.</param>
    /// <exception cref="StorageException">The file cannot be read or has changed.</exception>
    public static byte[] Read(string path, int size, int head = 0, int tail = 0)
    {
        var content = ArrayPool<byte>.Shared.Rent(head + size + tail);
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            if (RandomAccess.GetLength(file) != size)
            {
                throw Changed(path, "has changed since its folder was listed");
            }

            for (var done = 0; done < size;)
            {
                var read = RandomAccess.Read(file, content.AsSpan(head + done, size - done), done);
                done += read > 0 ? read : throw Changed(path, "got shorter as it was read");
            }

            return content;
        }
        catch (Exception exception)
        {
            ArrayPool<byte>.Shared.Return(content);
            if (FileErrors.IsFileError(exception))
            {
                throw FileErrors.ToStorageException(exception, path);
            }

            throw;
        }
    }

    private static StorageException Changed(string path, string how) =>
        new(StorageErrorKind.PreconditionFailed, path, $"'{path}' {how}. Run again.");
}
