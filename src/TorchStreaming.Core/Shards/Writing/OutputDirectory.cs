// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>The local directory that a writer fills. It knows which files it made, so that an abandoned data set leaves nothing behind.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OutputDirectory
{
    private readonly Lock _gate = new();
    private readonly List<string> _files = [];
    private readonly bool _isNew;

    private OutputDirectory(string path, bool isNew)
    {
        Path = path;
        _isNew = isNew;
    }

    /// <summary>Gets the full path.</summary>
    public string Path { get; }

    /// <summary>Makes the directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="existOk">Whether an existing one is deleted first; otherwise it must be empty.</param>
    /// <exception cref="StorageException">The directory is not empty or cannot be made.</exception>
    public static OutputDirectory Create(string path, bool existOk)
    {
        var full = System.IO.Path.GetFullPath(path);
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
                    StorageErrorKind.PreconditionFailed, full, $"The output directory '{full}' is not empty. Empty it, or set ExistOk to have it deleted.");
            }

            Directory.CreateDirectory(full);
            return new OutputDirectory(full, !exists || existOk);
        });
    }

    /// <summary>Takes a directory that exists, whatever is in it, to go on in it.</summary>
    /// <param name="path">The directory.</param>
    public static OutputDirectory Continue(string path) => new(System.IO.Path.GetFullPath(path), isNew: false);

    /// <summary>Creates a file.</summary>
    /// <param name="basename">Its name.</param>
    public FileStream CreateFile(string basename)
    {
        var path = System.IO.Path.Combine(Path, basename);
        lock (_gate)
        {
            _files.Add(path);
        }

        return Guard(path, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    /// <summary>Runs writes to a file, naming it in failures.</summary>
    public void Guard(string basename, Action write) => Guard(
        System.IO.Path.Combine(Path, basename),
        () =>
        {
            write();
            return true;
        });

    /// <summary>Writes the index under another name and renames it, so that it is there as a whole or not at all.</summary>
    public void WriteIndex(DatasetIndex index)
    {
        var text = new ArrayBufferWriter<byte>();
        index.Write(text);
        const string part = DatasetIndex.FileName + ".part";
        using (var stream = CreateFile(part))
        {
            Guard(part, () => stream.Write(text.WrittenSpan));
        }

        Guard(DatasetIndex.FileName, () => File.Move(System.IO.Path.Combine(Path, part), System.IO.Path.Combine(Path, DatasetIndex.FileName), overwrite: true));
    }

    /// <summary>Deletes every file that was made here, and the directory if it was made too.</summary>
    public void RemoveEverything()
    {
        lock (_gate)
        {
            try
            {
                _files.ForEach(File.Delete);
                _files.Clear();
                if (_isNew)
                {
                    Directory.Delete(Path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What cannot be deleted stays; without an index it is not a data set.
            }
        }
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }
}
