// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Caching;
using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Loading;

/// <summary>Dense, padded and list columns as tensors, over samples in memory: an id, and a text of as many bytes as the id modulo
/// 7.</summary>
public sealed class ColumnLayoutTests
{
    private readonly long _before = LiveTensors.Count();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Enumerate_TwoEpochs_GivesEachLayoutItsTensors(int workers)
    {
        var cache = new ScriptedShardCache(0, 10, 13, 7);
        using (var loader = new StreamingDataLoader(Open(cache), numWorkers: workers))
        {
            for (var epoch = 0; epoch < 2; epoch++)
            {
                foreach (var batch in loader)
                {
                    Check(batch);
                }
            }
        }

        Assert.Equal(_before, Tensor.TotalCount);
        Assert.Equal(0, cache.OpenLeases);
    }

    [Fact]
    public void Enumerate_GrowingBatches_DetachedOnesKeepTheirValues()
    {
        var kept = new List<TensorBatch>();
        using (var loader = new StreamingDataLoader(Open(new ScriptedShardCache(0, 10, 13, 7)), numWorkers: 2))
        {
            foreach (var batch in loader)
            {
                kept.Add(batch.Detach());
            }
        }

        foreach (var batch in kept)
        {
            Check(batch);
            batch.Dispose();
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void GetTensor_PaddedAndListColumns_AreNotPadded()
    {
        using var scope = NewDisposeScope();
        var cache = new ScriptedShardCache(0, 10);
        using var dataset = Open(cache);

        var sample = dataset.GetTensor(5);

        Assert.Equal([5], sample["text"].shape);
        Assert.Equal([5], sample["padded"].shape);
        Assert.Equal(5, sample["id"].item<long>());
        Assert.Equal(0, cache.OpenLeases);
    }

    private static void Check(TensorBatch batch)
    {
        using var scope = NewDisposeScope();
        var ids = batch["id"].data<long>().ToArray();
        Assert.Equal(batch.SampleIds, ids);
        var lengths = ids.Select(static id => (long)InMemoryShardReader.TextLength(id)).ToArray();
        Assert.Equal(lengths, batch["padded_lengths"].data<long>().ToArray());
        Assert.Equal([ids.Length, lengths.Max()], batch["padded"].shape);
        Assert.Equal(ids.Length, batch.Lists["text"].Count);
        for (var row = 0; row < ids.Length; row++)
        {
            var text = Enumerable.Repeat((byte)ids[row], (int)lengths[row]).ToArray();
            Assert.Equal(text, batch.Lists["text"][row].data<byte>().ToArray());
            byte[] padded = [.. text, .. Enumerable.Repeat((byte)255, (int)(lengths.Max() - lengths[row]))];
            Assert.Equal(padded, batch["padded"][row].data<byte>().ToArray());
        }
    }

    private static StreamingMapDataset Open(ScriptedShardCache cache)
    {
        var recipe = ColumnRecipe.Create(new IdAndTextTransform());
        return new StreamingMapDataset(new MemorySource(cache), seed: 0, recipe, owned: null);
    }

    /// <summary>Samples in memory, in their own order, four to a batch.</summary>
    private sealed class MemorySource(ScriptedShardCache cache) : ILoaderSource
    {
        private long _epoch = -1;

        public DatasetShards Shards { get; } = new(
            new Spanner([new StreamShape { ShardSizes = [.. cache.Shards.Select(static shard => shard.SampleCount)] }]),
            [new StreamShards("memory://test", cache.Shards, cache)]);

        public int? BatchSize => 4;

        public int? Predownload => null;

        public long EpochLength => Shards.Spanner.SampleCount;

        public ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

        public CacheStatistics CacheStatistics => new(
            Hits: 0, Waits: 0, Misses: cache.Requests.Count, DownloadedFiles: 0, DownloadedBytes: 0, DecompressedBytes: 0, RejectedDownloads: 0,
            ResidentBytes: 0, OpenShards: 0);

        public EpochStart BeginEpoch(int batchSize, int workers)
        {
            var batches = Enumerable.Range(0, (int)EpochLength).Select(static id => (long)id).Chunk(batchSize);
            return new EpochStart(++_epoch, Seed: 0, FirstSample: 0, batchSize, () => new ListBatchCursor(batches));
        }

        public LoaderState StateDict(long samplesYielded) =>
            new() { Epoch = _epoch, SampleInEpoch = samplesYielded, NumCanonicalNodes = 1, ShuffleSeed = 0 };

        public void LoadStateDict(LoaderState state) => throw new NotSupportedException();
    }
}
