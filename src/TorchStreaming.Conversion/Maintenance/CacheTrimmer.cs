// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Caching;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Deletes shards until cache directories hold no more than a size.</summary>
internal static class CacheTrimmer
{
    /// <summary>Deletes the shards that were not used for the longest time. Those that a process of this machine uses stay, and so do streams
    /// whose index nobody downloaded, since they may be the only copy. Indexes stay.</summary>
    /// <param name="directory">A cache directory, or one with many below it.</param>
    /// <param name="limit">The size that all of them together may have.</param>
    /// <param name="loggerFactory">Where evictions are logged; <see langword="null"/> for nowhere.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was done. More than <paramref name="limit"/> remains where the rest may not be deleted.</returns>
    /// <exception cref="StorageException">There is no such directory, or it cannot be listed.</exception>
    /// <exception cref="CacheException">A directory cannot be written, or another process holds its lock.</exception>
    /// <remarks>Safe beside running processes: they fetch again what they still need.</remarks>
    public static async Task<CacheTrim> TrimAsync(
        string directory, ByteSize limit, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit.Bytes, nameof(limit));
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(CacheTrimmer).FullName!);
        var counters = new CacheCounters();
        var streams = StreamDirectory.Find(directory, cancellationToken);
        var before = Measure(streams);
        var kept = Measure(streams.FindAll(static stream => stream.Remote is null));
        if (before > limit.Bytes)
        {
            var options = new ShardCacheOptions { LoggerFactory = loggerFactory };
            var budget = new CacheBudget(new ByteSize(Math.Max(limit.Bytes - kept, 0)), options);
            foreach (var stream in streams.Where(static stream => stream is { Remote: not null, Index: not null }))
            {
                if (!stream.Place.Probe())
                {
                    throw new CacheException(
                        stream.Place.Root,
                        $"File locks do not work in '{stream.Place.Root}', so that nobody knows which shards are in use. "
                            + "Delete the directory when no process uses it.");
                }

                budget.Add(stream.Limit(counters, logger));
            }

            await budget.TrimAsync(cancellationToken).ConfigureAwait(false);
        }

        var statistics = counters.ToStatistics(openShards: 0);
        var remaining = Measure(streams);
        return new CacheTrim(statistics.Evictions, before - remaining, remaining, kept);

        long Measure(List<StreamDirectory> some) =>
            some.Sum(stream => stream.Limit(new CacheCounters(), logger).Measure(cancellationToken).Bytes);
    }
}
