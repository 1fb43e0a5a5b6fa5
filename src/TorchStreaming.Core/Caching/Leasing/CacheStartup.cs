// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>What happens when a cache is opened: one listing of the directory, set against the index. A packed index costs what the files
/// of the directory cost, not what its shards would.</summary>
/// <remarks>Mirrors <c>streaming.Stream.set_up_local</c>, except that raw files are never deleted: shards are checked file by file when
/// they are asked for, and a raw file that is there spares its download whether or not its compressed form is kept.</remarks>
internal sealed class CacheStartup(
    CacheDirectory directory,
    ShardFetcher fetcher,
    IReadOnlyList<ShardInfo> shards,
    ShardOwners owners,
    ShardCacheOptions options,
    ILogger logger)
{
    /// <summary>Cleans up and finds out what is resident.</summary>
    /// <returns>The number of whole shards, and the bytes of the index's files that are there.</returns>
    public (int ResidentShards, long Bytes) Reconcile(CancellationToken cancellationToken)
    {
        ThrowIfUnusable();
        var files = directory.List(cancellationToken);
        var residentShards = 0;
        var bytes = 0L;
        foreach (var number in FindPresent(files.Keys))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shard = shards[number];
            var isResident = true;
            foreach (var file in shard.Files)
            {
                var raw = GetSize(file.Raw.Basename);
                var zip = file.Zip is { } info ? GetSize(info.Basename) : -1;
                isResident &= raw == file.Raw.Bytes;
                bytes += Math.Max(raw, 0) + Math.Max(zip, 0);
                if (raw >= 0 && zip >= 0)
                {
                    bytes -= DropZip(shard);
                }
            }

            residentShards += isResident ? 1 : 0;
        }

        DeleteAbandoned(files);
        return (residentShards, bytes);

        long GetSize(string name) => files.TryGetValue(name, out var found) ? found.Bytes : -1;
    }

    /// <summary>Finds the shards of which there is any file.</summary>
    private HashSet<int> FindPresent(IEnumerable<string> names)
    {
        var present = new HashSet<int>();
        foreach (var name in names)
        {
            if (owners.TryFind(name, out var shard))
            {
                present.Add(shard);
            }
        }

        return present;
    }

    private long DropZip(ShardInfo shard)
    {
        var place = fetcher.Locate(shard);
        var before = ShardFetcher.GetResidentBytes(place);
        foreach (var file in place.Files)
        {
            fetcher.DropZip(file);
        }

        return before - ShardFetcher.GetResidentBytes(place);
    }

    /// <summary>Finds out before the first download that a file has no place here or could not be checked.</summary>
    private void ThrowIfUnusable()
    {
        // Packed shards of one kind differ in their numbers only, which make no name better or worse, and have the same hashes.
        var examples = shards is ShardList { Packed: { } packed }
            ? packed.Templates.ToArray().Select(static template => template.Example)
            : shards;
        foreach (var file in examples.SelectMany(static shard => shard.Files))
        {
            directory.ThrowIfOutside(file.Raw.Basename);
            directory.ThrowIfOutside(file.Stored.Basename);
            if (options.ValidateHash is { } hash && fetcher.HasRemote)
            {
                FileVerifier.GetExpected(file.Stored, hash, new ShardLocation(file.Stored.Basename));
            }
        }
    }

    /// <summary>Deletes half-written files whose writers are gone: nobody holds the lock that they wrote under.</summary>
    private void DeleteAbandoned(Dictionary<string, CachedFile> files)
    {
        foreach (var (name, owner) in AbandonedFiles.Find(files.Keys, shards, owners))
        {
            DeleteIfAbandoned(name, owner);
        }
    }

    private void DeleteIfAbandoned(string name, string owner)
    {
        try
        {
            using var held = FileLock.TryAcquire(directory.LocateLock(owner));
            if (held is not null)
            {
                CacheDirectory.Delete(directory.Locate(name));
                Log.Cleaned(logger, name);
            }
        }
        catch (TorchStreamingException)
        {
            // A directory that cannot be written may still be read; whoever needs to write will hear of it.
        }
    }
}
