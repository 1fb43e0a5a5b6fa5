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
    /// <returns>Each half-written file of the index with the name of its writer's lock.</returns>
    public static IEnumerable<(string Name, string LockName)> Find(IEnumerable<string> names, IReadOnlyList<ShardInfo> shards)
    {
        var halfWritten = new List<(string Name, string Destination)>();
        foreach (var name in names)
        {
            if (TemporaryFile.TryGetDestination(name, out var destination))
            {
                halfWritten.Add((name, destination));
            }
        }

        if (halfWritten.Count == 0)
        {
            yield break;
        }

        var locks = IndexFile.LocalNames.ToDictionary(static name => name, static name => name, StringComparer.Ordinal);
        locks[LegacyIndexFile.SchemeName] = LegacyIndex.FileName;
        locks[IndexCache.FileName] = DatasetIndex.FileName;
        foreach (var shard in shards)
        {
            foreach (var file in shard.Files)
            {
                locks[file.Raw.Basename] = locks[file.Stored.Basename] = shard.Files[0].Raw.Basename;
            }
        }

        foreach (var (name, destination) in halfWritten)
        {
            if (locks.TryGetValue(destination, out var owner))
            {
                yield return (name, owner);
            }
        }
    }
}
