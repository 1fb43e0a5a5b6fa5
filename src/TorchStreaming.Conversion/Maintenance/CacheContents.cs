// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Caching;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Says what cache directories hold. Reads only; caches may be in use meanwhile.</summary>
internal static class CacheContents
{
    /// <summary>Lists the streams in and below a directory.</summary>
    /// <param name="directory">A cache directory, or one with many below it. Symbolic links are not followed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The streams, in the order of their paths.</returns>
    /// <exception cref="StorageException">There is no such directory, or it cannot be listed.</exception>
    /// <exception cref="CacheException">A directory of a stream cannot be read.</exception>
    public static ImmutableArray<CachedStream> List(string directory, CancellationToken cancellationToken = default) =>
        [.. StreamDirectory.Find(directory, cancellationToken).Select(stream => Describe(stream, cancellationToken))];

    private static CachedStream Describe(StreamDirectory stream, CancellationToken cancellationToken)
    {
        var place = stream.Place;
        var indexBytes = CacheDirectory.GetSize(stream.IndexPath) ?? 0;
        if (stream.Index is not { } index)
        {
            return new CachedStream(place.Root, stream.Remote, 0, indexBytes, [], stream.Problem);
        }

        var limited = stream.Limit(new CacheCounters(), NullLogger.Instance);
        var shards = limited.Measure(cancellationToken).Resident
            .OrderBy(static shard => shard.Number)
            .Select(shard =>
            {
                var info = index.Shards[shard.Number];
                var name = info.Files[0].Raw.Basename;
                return new CachedShard(
                    shard.Number, name, shard.Bytes, limited.IsWhole(shard.Number), IsLeased(place, name), limited.GetLastUse(shard));
            });
        return new CachedStream(place.Root, stream.Remote, index.Shards.Length, indexBytes, [.. shards]);
    }

    /// <summary>Says whether somebody shares a shard's lease. A lease that was never taken is not made.</summary>
    internal static bool IsLeased(CacheDirectory place, string name)
    {
        var lease = place.LocateLease(name);
        if (!File.Exists(lease))
        {
            return false;
        }

        try
        {
            using var alone = FileLock.TryAcquire(lease);
            return alone is null;
        }
        catch (CacheException)
        {
            // Where locks cannot be taken nothing can be deleted either.
            return false;
        }
    }
}
