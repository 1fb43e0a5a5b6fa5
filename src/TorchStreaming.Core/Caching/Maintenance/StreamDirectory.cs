// SPDX-License-Identifier: MIT

using System.IO.Enumeration;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>A directory with an index, as those see it who look after caches without opening them.</summary>
internal sealed class StreamDirectory
{
    private StreamDirectory(CacheDirectory place, DatasetIndex? index, string? problem)
    {
        Place = place;
        Index = index;
        Problem = problem;
        Remote = place.ReadOrigin();
    }

    public CacheDirectory Place { get; }

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
        var found = new List<string>();
        try
        {
            var indexes = new FileSystemEnumerable<string>(
                root,
                static (ref entry) => entry.Directory.ToString(),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            {
                ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory && entry.FileName.SequenceEqual(DatasetIndex.FileName),
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

        found.Sort(StringComparer.Ordinal);
        return found.ConvertAll(Open);
    }

    /// <summary>Gets the part of the directory that counts towards a limit.</summary>
    public LimitedDirectory Limit(CacheCounters counters, Microsoft.Extensions.Logging.ILogger logger) =>
        new(Place, (IReadOnlyList<ShardInfo>?)Index?.Shards ?? [], firstShard: 0, counters, logger);

    private static StreamDirectory Open(string folder)
    {
        var place = new CacheDirectory(folder);
        try
        {
            var path = place.Locate(DatasetIndex.FileName);
            var index = DatasetIndex.Parse(File.ReadAllBytes(path), path);
            foreach (var file in index.Shards.SelectMany(static shard => shard.Files))
            {
                place.ThrowIfOutside(file.Raw.Basename);
                place.ThrowIfOutside(file.Stored.Basename);
            }

            return new StreamDirectory(place, index, problem: null);
        }
        catch (Exception error) when (error is TorchStreamingException || FileErrors.IsFileError(error))
        {
            return new StreamDirectory(place, index: null, error.Message);
        }
    }
}
