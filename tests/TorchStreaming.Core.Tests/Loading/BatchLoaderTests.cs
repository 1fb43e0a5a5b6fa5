// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

public sealed class BatchLoaderTests
{
    private static readonly int[] SixShards = [10, 0, 7, 13, 1, 9];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Enumerate_OneEpoch_DeliversThePlanInOrder(int threads)
    {
        var source = ScriptedLoaderSource.Shuffled(new ScriptedShardCache(0, SixShards), batchSize: 4);
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });
        var expected = ScriptedLoaderSource.Shuffled(new ScriptedShardCache(0, SixShards), batchSize: 4);
        var cursor = expected.BeginEpoch(4, 0).OpenCursor();
        var planned = new long[4];

        foreach (var batch in loader)
        {
            var count = cursor.ReadBatch(planned);
            Assert.Equal(planned[..count], batch.SampleIds.ToArray());
            Assert.Equal(planned[..count], batch.GetValues<long>("id").ToArray());
        }

        Assert.Equal(0, cursor.ReadBatch(planned));
    }

    [Fact]
    public void Enumerate_Twice_StartsTheNextEpoch()
    {
        var source = ScriptedLoaderSource.Shuffled(new ScriptedShardCache(0, SixShards), batchSize: 4);
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 2 });

        var first = ReadIds(loader);
        var second = ReadIds(loader);

        Assert.NotEqual(first, second);
        Assert.Equal(first.Order(), second.Order());
    }

    [Fact]
    public void Batch_ColumnsOfAllLayouts_HoldTheSamplesValues()
    {
        var source = ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, SixShards), batchSize: 8);
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 2 });

        foreach (var batch in loader)
        {
            var lengths = batch.GetLengths("padded");
            var width = (int)batch.GetShape("padded")[1];
            Assert.Equal(batch.SampleIds.ToArray().Max(InMemoryShardReader.TextLength), width);
            for (var row = 0; row < batch.Count; row++)
            {
                var id = batch.SampleIds[row];
                var text = Enumerable.Repeat((byte)id, InMemoryShardReader.TextLength(id)).ToArray();
                Assert.Equal(text, batch.GetRow("text", row).ToArray());
                Assert.Equal([text.Length], batch.GetRowShape("text", row));
                Assert.Equal(text.Length, lengths[row]);
                Assert.Equal(
                    [.. text, .. Enumerable.Repeat((byte)255, width - text.Length)],
                    batch.GetBytes("padded").Slice(row * width, width).ToArray());
            }
        }
    }

    [Fact]
    public void Enumerate_ShardsAndSamplesInAnyTiming_DeliversTheSame()
    {
        var expected = ReadIds(Create(threads: 0, out _));
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var cache = new ScriptedShardCache(0, SixShards);
            var closed = Enumerable.Range(0, SixShards.Length).OrderBy(_ => random.Next()).ToArray();
            foreach (var shard in closed)
            {
                cache.Close(shard);
            }

            // Shards open in another order each time, and spinning shifts which thread gets which rows.
            var transform = new IdAndTextTransform(context => Thread.SpinWait((int)(context.SampleId * seed % 97) * 50));
            using var loader = new BatchLoader(
                ScriptedLoaderSource.Shuffled(cache, batchSize: 4),
                transform,
                new BatchLoaderOptions { Threads = 1 + (seed % 4), PrefetchFactor = 1 + (seed % 3), ConcurrentShards = SixShards.Length });
            using var batches = loader.GetEnumerator();
            foreach (var shard in closed)
            {
                cache.Open(shard);
            }

            var ids = new List<long>();
            while (batches.MoveNext())
            {
                ids.AddRange(batches.Current.GetValues<long>("id"));
            }

            Assert.True(expected.SequenceEqual(ids), $"seed {seed}");
        }

        static BatchLoader Create(int threads, out ScriptedShardCache cache) => new(
            ScriptedLoaderSource.Shuffled(cache = new ScriptedShardCache(0, SixShards), batchSize: 4),
            new IdAndTextTransform(),
            new BatchLoaderOptions { Threads = threads });
    }

    [Fact]
    public void Enumerate_SlowSample_DoesNotHoldBackOtherBatches()
    {
        using var gate = new ManualResetEventSlim();
        using var others = new CountdownEvent(11);
        var transform = new IdAndTextTransform(context =>
        {
            if (context.SampleId == 1)
            {
                gate.Wait();
            }
            else
            {
                others.Signal();
            }
        });
        var source = ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 12), batchSize: 4);
        using var loader = new BatchLoader(source, transform, new BatchLoaderOptions { Threads = 2, PrefetchFactor = 2 });

        using var batches = loader.GetEnumerator();
        var allOthersWereFilled = others.Wait(Patience);
        gate.Set();

        Assert.True(allOthersWereFilled);
        Assert.True(batches.MoveNext());
        Assert.Equal([0, 1, 2, 3], batches.Current.SampleIds.ToArray());
    }

    [Fact]
    public void StateDict_WithinAnEpoch_CountsBatchesHandedOutOnly()
    {
        var source = ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 40), batchSize: 4);
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 2 });
        using var batches = loader.GetEnumerator();

        batches.MoveNext();
        batches.MoveNext();

        Assert.Equal(8, loader.StateDict().SampleInEpoch);
    }

    [Fact]
    public void LoadStateDict_AfterSomeBatches_GoesOnWhereTheStateWasTaken()
    {
        var source = ScriptedLoaderSource.Shuffled(new ScriptedShardCache(0, 40), batchSize: 4);
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 2 });
        LoaderState state;
        using (var batches = loader.GetEnumerator())
        {
            batches.MoveNext();
            state = loader.StateDict();
        }

        var expected = ReadIds(new BatchLoader(
            ScriptedLoaderSource.Shuffled(new ScriptedShardCache(0, 40), batchSize: 4), new IdAndTextTransform()));
        loader.LoadStateDict(state);

        Assert.Equal(0, loader.StateDict().SampleInEpoch);
        Assert.Equal(expected.Skip(4), ReadIds(loader));
    }

    [Fact]
    public void DropLast_ShortBatch_IsLeftOut()
    {
        var source = ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 10), batchSize: 4);
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { DropLast = true });

        Assert.Equal(2, loader.EpochLength);
        Assert.Equal(8, ReadIds(loader).Count);
    }

    [Fact]
    public async Task ReadEpochAsync_OneEpoch_DeliversThePlanInOrder()
    {
        var cache = new ScriptedShardCache(0, SixShards);
        await using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 1 });
        var ids = new List<long>();

        await foreach (var batch in loader.ReadEpochAsync())
        {
            ids.AddRange(batch.SampleIds);
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(static id => (long)id), ids);
        Assert.Equal(0, cache.OpenLeases);
    }

    [Fact]
    public void Statistics_AfterAnEpoch_CountWhatHappened()
    {
        var cache = new ScriptedShardCache(0, SixShards);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 1 });
        ReadIds(loader);

        var statistics = loader.Statistics;

        Assert.Equal(10, statistics.Batches);
        Assert.Equal(40, statistics.Samples);
        Assert.Equal(Enumerable.Range(0, 40).Sum(static id => 8 + InMemoryShardReader.TextLength(id)), statistics.Bytes);
        Assert.Equal(cache.Requests.Count, statistics.Cache.Misses);
        Assert.NotEqual(BottleneckStage.None, statistics.BottleneckStage);
    }

    [Fact]
    public void Construct_WithoutBatchSizeOrWithTwo_Throws()
    {
        var cache = new ScriptedShardCache(0, 4);
        var source = ScriptedLoaderSource.InOrder(cache, batchSize: 4);

        var exception = Assert.Throws<ArgumentException>(
            () => new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { BatchSize = 8 }));
        Assert.Contains("8", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { PrefetchFactor = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { MaxSkippedFraction = double.NaN }));
    }

    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    internal static List<long> ReadIds(BatchLoader loader)
    {
        var ids = new List<long>();
        foreach (var batch in loader)
        {
            ids.AddRange(batch.GetValues<long>("id"));
        }

        return ids;
    }
}
