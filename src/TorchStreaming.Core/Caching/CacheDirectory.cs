// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>The local directory of a cache: where files lie, whether they are whole, and which of them nobody wants.</summary>
internal sealed class CacheDirectory
{
    /// <summary>The folder of the lock files. They hold a byte and stay: deleting one would let two processes lock two files of one
    /// name.</summary>
    public const string LockFolder = ".torchstreaming";

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
                ?? throw Outside(basename, "is, or lies behind, a symbolic link that leads out of it");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Path.Join(Root, basename));
        }
    }

    /// <summary>Gets the lock of a file that is made here.</summary>
    public string LocateLock(string basename) => Path.Join(_realRoot, LockFolder, $"{basename}.lock");

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

    /// <summary>Finds out whether files can be made here.</summary>
    public async ValueTask ThrowIfReadOnlyAsync()
    {
        try
        {
            await TemporaryFile.Create(Path.Join(_realRoot, LockFolder, "probe")).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Root);
        }
    }

    /// <summary>Lists the files by their names below the directory. Links and lock files are left out.</summary>
    public Dictionary<string, long> List(CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            if (!Directory.Exists(_realRoot))
            {
                return files;
            }

            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            foreach (var file in new DirectoryInfo(_realRoot).EnumerateFiles("*", options))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var name = Path.GetRelativePath(_realRoot, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                if (!name.StartsWith($"{LockFolder}/", StringComparison.Ordinal))
                {
                    files[name] = file.Length;
                }
            }

            return files;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Root);
        }
    }

    private ShardFormatException Outside(string basename, string why) => new(
        new ShardLocation(Path.Join(Root, DatasetIndex.FileName)),
        $"it names the file '{basename}', which must stay in '{Root}' but {why}. Do not use this index.");
}
