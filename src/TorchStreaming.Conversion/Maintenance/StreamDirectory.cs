// SPDX-License-Identifier: MIT

using System.IO.Enumeration;
using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A directory with an index, as those see it who look after caches without opening them.</summary>
internal sealed class StreamDirectory
{
    private StreamDirectory(CacheDirectory place, string indexPath, DatasetIndex? index, string? problem)
    {
        Place = place;
        IndexPath = indexPath;
        Index = index;
        Problem = problem;
        Remote = place.ReadOrigin();
    }

    public CacheDirectory Place { get; }

    /// <summary>Gets the index's file, of whichever kind.</summary>
    public string IndexPath { get; }

    /// <summary>Gets the index, or <see langword="null"/> when it cannot be read.</summary>
    public DatasetIndex? Index { get; }

    /// <summary>Gets why the index cannot be read.</summary>
    public string? Problem { get; }

    /// <summary>Gets where the index came from, or <see langword="null"/> when nobody downloaded it.</summary>
    public string? Remote { get; }

    /// <summary>Finds the indexes in and below a directory, in the order of their paths. Links are not followed.</summary>
    /// <exception cref="StorageException">There is no such directory, or it cannot be listed.</exception>
    public static List<StreamDirectory> Find(string directory, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var found = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            var indexes = new FileSystemEnumerable<string>(
                root,
                static (ref entry) => entry.Directory.ToString(),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            {
                ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory && IsIndex(entry.FileName),
                ShouldRecursePredicate = static (ref entry) => !entry.FileName.SequenceEqual(CacheDirectory.LockFolder),
            };
            foreach (var folder in indexes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                found.Add(folder);
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.ToStorageException(error, root);
        }

        return [.. found.Select(Open)];
    }

    /// <summary>Gets the part of the directory that counts toward a limit.</summary>
    public LimitedDirectory Limit(CacheCounters counters, Microsoft.Extensions.Logging.ILogger logger) =>
        new(Place, Shards, new ShardOwners(Shards), 0, counters, logger);

    private IReadOnlyList<ShardInfo> Shards => (IReadOnlyList<ShardInfo>?)Index?.Shards ?? [];

    private static bool IsIndex(ReadOnlySpan<char> name)
    {
        foreach (var known in IndexFile.Names)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    private static StreamDirectory Open(string folder)
    {
        var place = new CacheDirectory(folder);
        var path = IndexFile.Find(folder, DatasetIndexFormat.Any);
        try
        {
            path = place.Locate(Path.GetFileName(path));
            var index = Path.GetFileName(path) == DatasetIndex.FileName
                ? DatasetIndex.Parse(File.ReadAllBytes(path), path)
                : LegacyIndexFile.ReadAsItLies(place, path);
            foreach (var file in index.Shards.SelectMany(static shard => shard.Files))
            {
                place.ThrowIfOutside(file.Raw.Basename);
                place.ThrowIfOutside(file.Stored.Basename);
            }

            return new StreamDirectory(place, path, index, problem: null);
        }
        catch (Exception error) when (error is TorchStreamingException || FileErrors.IsFileError(error))
        {
            return new StreamDirectory(place, path, index: null, error.Message);
        }
    }
}
