// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

/// <summary>A dataset over a <see cref="ScriptedShardCache"/> whose epochs are the batches that the test gives.</summary>
internal sealed class ScriptedLoaderSource(ScriptedShardCache cache, int batchSize, Func<long, IEnumerable<long[]>> batchesOfEpoch)
    : ILoaderSource
{
    private long _nextEpoch;
    private LoaderState? _loaded;

    /// <summary>Creates a dataset whose epochs go through all samples in the order of a permutation keyed by the epoch.</summary>
    public static ScriptedLoaderSource Shuffled(ScriptedShardCache cache, int batchSize)
    {
        var count = cache.Shards.Sum(static shard => shard.SampleCount);
        return new ScriptedLoaderSource(cache, batchSize, epoch =>
        {
            var ids = Enumerable.Range(0, count).Select(static id => (long)id).ToArray();
            new Random((int)epoch + 1).Shuffle(ids);
            return ids.Chunk(batchSize);
        });
    }

    /// <summary>Creates a dataset whose epochs go through all samples in their own order.</summary>
    public static ScriptedLoaderSource InOrder(ScriptedShardCache cache, int batchSize)
    {
        var count = cache.Shards.Sum(static shard => shard.SampleCount);
        return new ScriptedLoaderSource(cache, batchSize, _ => Enumerable.Range(0, count).Select(static id => (long)id).Chunk(batchSize));
    }

    public DatasetShards Shards { get; } = new(
        new Spanner([new StreamShape { ShardSizes = [.. cache.Shards.Select(static shard => shard.SampleCount)] }]),
        [new StreamShards("memory://test", cache.Shards, cache)]);

    public int? BatchSize => batchSize;

    public int? Predownload { get; set; }

    public long EpochLength => Shards.Spanner.SampleCount;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    public CacheStatistics CacheStatistics => new(
        Hits: 0, Waits: 0, Misses: cache.Requests.Count, DownloadedFiles: 0, DownloadedBytes: 0, DecompressedBytes: 0, RejectedDownloads: 0,
        ResidentBytes: 0, OpenShards: 0);

    public EpochStart BeginEpoch(int size, int workers)
    {
        var epoch = _loaded?.Epoch ?? _nextEpoch;
        var skipped = (int)(_loaded?.SampleInEpoch ?? 0);
        _loaded = null;
        _nextEpoch = epoch + 1;
        return new EpochStart(
            epoch, Seed: 7, skipped, size, () => new ListBatchCursor(batchesOfEpoch(epoch).Skip(skipped / batchSize)));
    }

    public LoaderState StateDict(long samplesYielded) => new()
    {
        Epoch = _nextEpoch - 1,
        SampleInEpoch = samplesYielded,
        NumCanonicalNodes = 1,
        ShuffleSeed = 7,
    };

    public void LoadStateDict(LoaderState state) => _loaded = state;
}
