// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Makes shards resident before anybody needs them.</summary>
internal static class CachePrefetch
{
    /// <summary>Fetches shards, several at a time; the first failure ends it.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="shards">All shards of the cache's index.</param>
    /// <param name="numbers">Which of them to fetch, in this order.</param>
    /// <param name="concurrency">How many at a time.</param>
    /// <param name="progress">Is told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Ends the call; shards that are whole stay.</param>
    /// <exception cref="StorageException">A shard could not be downloaded.</exception>
    /// <exception cref="ShardFormatException">A shard is damaged.</exception>
    /// <exception cref="CacheException">The directory cannot be used.</exception>
    public static async Task RunAsync(
        ShardCache cache,
        IReadOnlyList<ShardInfo> shards,
        IReadOnlyList<int> numbers,
        int concurrency = 8,
        IProgress<CacheProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        var total = numbers.Sum(number => (long)shards[number].SampleCount);
        var done = 0L;
        var gate = new Lock();
        progress?.Report(new CacheProgress(0, total, 0));
        await Parallel.ForEachAsync(
            numbers,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                using (await cache.LeaseAsync(number, token).ConfigureAwait(false))
                {
                }

                lock (gate)
                {
                    done += shards[number].SampleCount;
                    progress?.Report(new CacheProgress(done, total, cache.Statistics.DownloadedBytes));
                }
            }).ConfigureAwait(false);
    }
}
