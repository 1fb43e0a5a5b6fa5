// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>A file in flight, and the tag that the remote file had when the download began. The caller holds the file's lock.</summary>
internal sealed class PartialFile(string beside)
{
    private readonly string _path = beside + ".part";
    private readonly string _tagPath = beside + ".tag";

    /// <summary>Reads how far the file has come; <see langword="null"/> when it was not begun, or the remote has no tags.</summary>
    public (long Length, string Tag)? TryReadState() => Run(() =>
    {
        if (CacheDirectory.GetSize(_path) is not { } length || !File.Exists(_tagPath))
        {
            return null;
        }

        var tag = File.ReadAllText(_tagPath);
        return tag.Length == 0 ? null : ((long, string)?)(length, tag);
    });

    /// <summary>Notes the remote file's tag, before the first byte.</summary>
    public void WriteTag(string? tag) => Run(() =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_tagPath)!);
        File.WriteAllText(_tagPath, tag ?? "");
        return true;
    });

    /// <summary>Opens the file after its last byte.</summary>
    public FileStream OpenAppend() => Run(() => new FileStream(
        _path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous));

    /// <summary>Writes to the file, with the cache's errors.</summary>
    public async ValueTask WriteAsync(FileStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, _path);
        }
    }

    /// <summary>Gives the file, now whole, its name.</summary>
    public void Publish(string file) => Run(() =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Move(_path, file, overwrite: true);
        File.Delete(_tagPath);
        return true;
    });

    /// <summary>Deletes the file and its tag.</summary>
    public void Delete()
    {
        CacheDirectory.Delete(_path);
        CacheDirectory.Delete(_tagPath);
    }

    private T Run<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, _path);
        }
    }
}
