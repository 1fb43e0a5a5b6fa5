// SPDX-License-Identifier: MIT

using System.IO.Enumeration;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>The local directory of a cache: where files are, whether they are whole, and which of them nobody wants.</summary>
internal sealed class CacheDirectory
{
    /// <summary>The folder of the lock files. They hold a byte and stay: deleting one would let two processes lock two files of one
    /// name.</summary>
    public const string LockFolder = ".torchstreaming";

    private const string MarkerSuffix = ".room";

    private readonly string _realRoot;

    public CacheDirectory(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            _realRoot = RealPath.Resolve(Root);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Root);
        }
    }

    /// <summary>Gets the directory as it was given.</summary>
    public string Root { get; }

    /// <summary>Says whether a store is this very directory.</summary>
    public bool IsSameAs(IObjectStore store) =>
        store is LocalObjectStore && string.Equals(RealPath.Resolve(store.Location), _realRoot, RealPath.Comparison);

    /// <summary>Refuses a name that by its text alone leaves the directory.</summary>
    /// <exception cref="ShardFormatException">It does.</exception>
    public void ThrowIfOutside(string basename)
    {
        if (!ShardPaths.IsInside(basename))
        {
            throw Outside(basename, "is not a path below it");
        }
    }

    /// <summary>Gets the real path of a file that an index names.</summary>
    /// <exception cref="ShardFormatException">The name leaves the directory, by its text or through links.</exception>
    public string Locate(string basename)
    {
        ThrowIfOutside(basename);

        try
        {
            return RealPath.ResolveBelow(_realRoot, basename)
                ?? throw Outside(basename, "is, or leads through, a symbolic link that leads out of it");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Path.Join(Root, basename));
        }
    }

    /// <summary>Gets the lock of a file that is made here.</summary>
    public string LocateLock(string basename) => LocateHidden($"{basename}.lock");

    /// <summary>Gets the lock that those share who use a shard; its time of change is that of the last use.</summary>
    public string LocateLease(string basename) => LocateHidden($"{basename}.lease");

    /// <summary>Gets the file that says, while its lock is held, that there must be room for a shard in flight.</summary>
    public string LocateMarker(string basename) => LocateHidden(basename + MarkerSuffix);

    /// <summary>Gets the lock of whoever looks for room. No shard's lock has this name.</summary>
    public string LocateLimitLock() => LocateHidden("limit");

    // Says where the index came from; an index that nobody downloaded has none.
    private string OriginPath => LocateHidden("origin");

    /// <summary>Reads where the index came from, or <see langword="null"/> when nobody downloaded it.</summary>
    public string? ReadOrigin()
    {
        try
        {
            return File.ReadAllText(OriginPath);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, OriginPath);
        }
    }

    /// <summary>Writes where the index comes from. The caller holds the index's lock and publishes the index afterward.</summary>
    public void WriteOrigin(string location)
    {
        try
        {
            File.WriteAllText(OriginPath, location);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, OriginPath);
        }
    }

    /// <summary>Gets a file's size, or <see langword="null"/> when there is no such file.</summary>
    public static long? GetSize(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? file.Length : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    /// <summary>Deletes a file if it is there, and says how many bytes it had.</summary>
    public static long Delete(string path)
    {
        try
        {
            var size = GetSize(path) ?? 0;
            File.Delete(path);
            return size;
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    /// <summary>Finds out whether files can be made and locked here.</summary>
    /// <returns>Whether locks keep others out. The runtime passes over those that a file system refuses.</returns>
    /// <exception cref="CacheException">Files cannot be made.</exception>
    public bool Probe()
    {
        // One name for all, so that a process that is killed here leaves nothing new.
        var path = LocateHidden("probe");
        using var first = FileLock.TryAcquire(path);
        using var second = first is null ? null : FileLock.TryAcquire(path);
        return second is null;
    }

    /// <summary>Lists the files by their names below the directory. Links and lock files are left out.</summary>
    public Dictionary<string, CachedFile> List(CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, CachedFile>(StringComparer.Ordinal);
        Enumerate(
            _realRoot,
            static (ref FileSystemEntry entry) => true,
            (name, bytes, changed) => files[name] = new CachedFile(bytes, changed),
            cancellationToken);
        return files;
    }

    /// <summary>Lists the shards, by the names that their locks have, for which there is a marker.</summary>
    public List<string> ListMarkers(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        Enumerate(
            Path.GetDirectoryName(LocateLimitLock())!,
            static (ref FileSystemEntry entry) => entry.FileName.EndsWith(MarkerSuffix, StringComparison.Ordinal),
            (name, _, _) => names.Add(name[..^MarkerSuffix.Length]),
            cancellationToken);
        return names;
    }

    private void Enumerate(
        string folder,
        FileSystemEnumerable<(string Path, long Bytes, DateTime Changed)>.FindPredicate include,
        Action<string, long, DateTime> add,
        CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                return;
            }

            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            var files = new FileSystemEnumerable<(string Path, long Bytes, DateTime Changed)>(
                folder,
                static (ref entry) => (entry.ToFullPath(), entry.Length, entry.LastWriteTimeUtc.UtcDateTime),
                options)
            {
                ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && include(ref entry),
                ShouldRecursePredicate = static (ref entry) => !entry.FileName.SequenceEqual(LockFolder),
            };
            foreach (var (path, bytes, changed) in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                add(Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), bytes, changed);
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Root);
        }
    }

    private string LocateHidden(string name)
    {
        try
        {
            return RealPath.ResolveBelow(_realRoot, $"{LockFolder}/{name}") ?? throw new CacheException(
                Root, $"'{Path.Join(Root, LockFolder, name)}' is, or leads through, a symbolic link that leads out of the cache. Delete the link.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Path.Join(Root, LockFolder, name));
        }
    }

    private ShardFormatException Outside(string basename, string why) => new(
        new ShardLocation(Path.Join(Root, DatasetIndex.FileName)),
        $"it names the file '{basename}', which must stay in '{Root}' but {why}. Do not use this index.");
}
