// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>The folder for videos that are outside the shards. Thread-safe where names differ.</summary>
internal sealed class VideoFolder
{
    private const int ChunkSize = 1 << 16;

    private readonly string _directory;
    private readonly bool _overwrite;

    /// <summary>Creates the folder.</summary>
    /// <param name="directory">Its path.</param>
    /// <param name="overwrite">Whether other files with the names of videos are replaced.</param>
    /// <exception cref="ArgumentException">It is a URL.</exception>
    public VideoFolder(string directory, bool overwrite)
    {
        if (ObjectStoreLocation.GetScheme(directory) is { } scheme)
        {
            throw new ArgumentException(
                $"Videos are written to local folders, not to '{scheme}://' locations. Upload the folder afterward.", nameof(directory));
        }

        _directory = Path.GetFullPath(directory);
        _overwrite = overwrite;
    }

    /// <summary>Gets the full path.</summary>
    public string Directory => _directory;

    /// <summary>Writes a video, unless an earlier run did.</summary>
    /// <param name="name">Its path in the folder, with <c>/</c> between its parts.</param>
    /// <param name="content">The video.</param>
    /// <exception cref="StorageException">It cannot be written, or there is another file already.</exception>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_directory, name.Replace('/', Path.DirectorySeparatorChar));
        LocalFiles.Guard(path, () => System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        if (File.Exists(path) && !_overwrite)
        {
            ThrowIfOther(path, content);
            return;
        }

        LocalFiles.Publish(path, content);
    }

    private static void ThrowIfOther(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var (buffer, isSame) = (new byte[ChunkSize], RandomAccess.GetLength(file) == content.Length);
            for (var done = 0; isSame && done < content.Length;)
            {
                var read = RandomAccess.Read(file, buffer, done);
                isSame = read > 0 && content.Length - done >= read && buffer.AsSpan(0, read).SequenceEqual(content.Slice(done, read));
                done += read;
            }

            if (!isSame)
            {
                throw new StorageException(
                    StorageErrorKind.PreconditionFailed,
                    path,
                    $"'{path}' is there already and is another file. Name another folder for the videos, or allow overwriting (Overwrite; --overwrite of the tool).");
            }
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }
}
