// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>The local directory that a writer fills. It knows which files it made, so that an abandoned dataset leaves nothing
/// behind.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OutputDirectory
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _files = [];
    private readonly string _path;
    private readonly bool _isNew;

    private OutputDirectory(string path, bool isNew)
    {
        _path = path;
        _isNew = isNew;
    }

    /// <summary>Makes the directory.</summary>
    /// <param name="path">The directory; <see langword="null"/> for a fresh temporary one.</param>
    /// <param name="existOk">Whether an existing one is deleted first; otherwise it must be empty.</param>
    /// <exception cref="StorageException">The directory is not empty or cannot be made.</exception>
    public static OutputDirectory Create(string? path, bool existOk)
    {
        if (path is null)
        {
            return new OutputDirectory(Directory.CreateTempSubdirectory("torchstreaming-write-").FullName, isNew: true);
        }

        var full = Path.GetFullPath(path);
        return Guard(full, () =>
        {
            var exists = Directory.Exists(full);
            if (exists && existOk)
            {
                Directory.Delete(full, recursive: true);
            }
            else if (exists && Directory.EnumerateFileSystemEntries(full).Any())
            {
                throw new StorageException(
                    StorageErrorKind.PreconditionFailed,
                    full,
                    $"The output directory '{full}' is not empty. Empty it, or set ExistOk to have it deleted.");
            }

            Directory.CreateDirectory(full);
            return new OutputDirectory(full, !exists || existOk);
        });
    }

    /// <summary>Takes a directory that exists, whatever is in it, to continue in it.</summary>
    /// <param name="path">The directory.</param>
    public static OutputDirectory Continue(string path) => new(Path.GetFullPath(path), isNew: false);

    /// <summary>Writes a file.</summary>
    /// <param name="basename">Its name.</param>
    /// <param name="write">Writes the content.</param>
    public void WriteFile(string basename, Action<Stream> write)
    {
        var path = Path.Combine(_path, basename);
        lock (_gate)
        {
            _files.Add(path);
        }

        Guard(path, () =>
        {
            using var stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
            });
            write(stream);
            return true;
        });
    }

    /// <summary>Opens a finished file for reading.</summary>
    public FileStream OpenFile(string basename)
    {
        var path = Path.Combine(_path, basename);
        var options = new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan };
        return Guard(path, () => new FileStream(path, options));
    }

    /// <summary>Deletes a file.</summary>
    public void DeleteFile(string basename)
    {
        var path = Path.Combine(_path, basename);
        Guard(path, () =>
        {
            File.Delete(path);
            return true;
        });
        lock (_gate)
        {
            _files.Remove(path);
        }
    }

    /// <summary>Writes the index under another name and renames it, so that it is there as a whole or not at all.</summary>
    public void WriteIndex(DatasetIndex index)
    {
        var text = new ArrayBufferWriter<byte>();
        index.Write(text);
        const string part = DatasetIndex.FileName + ".part";
        WriteFile(part, stream => stream.Write(text.WrittenSpan));
        var path = Path.Combine(_path, DatasetIndex.FileName);
        lock (_gate)
        {
            _files.Add(path);
        }

        Guard(path, () =>
        {
            File.Move(Path.Combine(_path, part), path, overwrite: true);
            return true;
        });
    }

    /// <summary>Deletes every file that was made here, and the directory if it was made too.</summary>
    public void RemoveEverything()
    {
        lock (_gate)
        {
            try
            {
                foreach (var file in _files)
                {
                    File.Delete(file);
                }

                _files.Clear();
                if (_isNew)
                {
                    Directory.Delete(_path);
                }
            }
            catch (Exception exception) when (FileErrors.IsFileError(exception))
            {
                // What cannot be deleted stays; without an index it is not a dataset.
            }
        }
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }
}
