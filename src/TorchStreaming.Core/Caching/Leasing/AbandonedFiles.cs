// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Finds half-written files and the locks that their writers held.</summary>
internal static class AbandonedFiles
{
    /// <summary>Finds them among the names of a directory's files.</summary>
    /// <param name="names">The names.</param>
    /// <param name="shards">The shards of the directory's index.</param>
    /// <param name="owners">Finds them by their files.</param>
    /// <returns>Each half-written file of the index with the name of its writer's lock.</returns>
    public static IEnumerable<(string Name, string LockName)> Find(
        IEnumerable<string> names, IReadOnlyList<ShardInfo> shards, ShardOwners owners)
    {
        var indexLocks = IndexFile.LocalNames.ToDictionary(static name => name, static name => name, StringComparer.Ordinal);
        indexLocks[LegacyIndexFile.SchemeName] = LegacyIndex.FileName;
        indexLocks[IndexCache.FileName] = DatasetIndex.FileName;
        foreach (var name in names)
        {
            if (!TemporaryFile.TryGetDestination(name, out var destination))
            {
                continue;
            }

            if (indexLocks.TryGetValue(destination, out var indexLock))
            {
                yield return (name, indexLock);
            }
            else if (owners.TryFind(destination, out var shard))
            {
                yield return (name, shards[shard].Files[0].Raw.Basename);
            }
        }
    }
}
