// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

public sealed class BatchLoaderErrorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Enumerate_ShardThatCannotBeFetched_ThrowsTheOriginalAtTheBatchThatNeedsIt(int threads)
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8);
        var failure = new StorageException(StorageErrorKind.NotFound, "memory://test/1", "Shard 1 is gone.");
        cache.Fail(1, failure);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });
        using var batches = loader.GetEnumerator();

        Assert.True(batches.MoveNext());
        Assert.True(batches.MoveNext());
        Assert.Same(failure, Assert.Throws<StorageException>(() => batches.MoveNext()));
        Assert.Same(failure, Assert.Throws<StorageException>(() => batches.MoveNext()));
    }

    [Fact]
    public void Enumerate_ShardThatCannotBeFetched_ThrowsUnderSkipToo()
    {
        var cache = new ScriptedShardCache(0, 8, 8);
        cache.Fail(1, new StorageException(StorageErrorKind.NotFound, "memory://test/1", "Shard 1 is gone."));
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4),
            new IdAndTextTransform(),
            new BatchLoaderOptions { ErrorPolicy = SampleErrorPolicy.Skip, MaxSkippedFraction = 1 });

        Assert.Throws<StorageException>(() => BatchLoaderTests.ReadIds(loader));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Enumerate_SampleThatFails_NamesThePlaceOfTheFirstInOrder(int threads)
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8);
        var transform = new IdAndTextTransform(static context =>
        {
            if (context.SampleId is 13 or 14)
            {
                throw new InvalidDataException("bad marker");
            }
        });
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 8), transform, new BatchLoaderOptions { Threads = threads });
        using var batches = loader.GetEnumerator();

        Assert.True(batches.MoveNext());
        var exception = Assert.Throws<SampleDecodeException>(() => batches.MoveNext());
        Assert.Equal(13, exception.SampleId);
        Assert.Equal(5, exception.Location.Sample);
        Assert.Contains("memory://test", exception.Message, StringComparison.Ordinal);
        Assert.Contains("bad marker", exception.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(exception.InnerException);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Enumerate_SamplesThatFailUnderSkip_AreLeftOutAndCounted(int threads)
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8);
        var transform = new IdAndTextTransform(static context =>
        {
            if (context.SampleId is 0 or 9 or 10 or 23 or (>= 16 and < 20))
            {
                throw new InvalidDataException("bad marker");
            }
        });
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4),
            transform,
            new BatchLoaderOptions { Threads = threads, ErrorPolicy = SampleErrorPolicy.Skip, MaxSkippedFraction = 0.5 });
        var counts = new List<int>();

        foreach (var batch in loader)
        {
            counts.Add(batch.Count);
            Assert.Equal(batch.SampleIds.ToArray(), batch.GetValues<long>("id").ToArray());
            for (var row = 0; row < batch.Count; row++)
            {
                var id = batch.SampleIds[row];
                Assert.Equal(InMemoryShardReader.TextLength(id), batch.GetRow("text", row).Length);
                Assert.Equal(InMemoryShardReader.TextLength(id), batch.GetLengths("padded")[row]);
                Assert.All(batch.GetRow("padded", row).ToArray(), value => Assert.Equal((byte)id, value));
            }
        }

        Assert.Equal([3, 4, 2, 4, 3], counts);
        Assert.Equal(8, loader.Statistics.SkippedSamples);
        Assert.Equal(16, loader.Statistics.Samples);

        // What was left out counts as seen: a resumption must not read it again.
        Assert.Equal(24, loader.StateDict().SampleInEpoch);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Enumerate_MoreFailuresThanAllowed_ThrowsAtTheBatchThatGoesBeyond(int threads)
    {
        var cache = new ScriptedShardCache(0, 24);
        var transform = new IdAndTextTransform(static context =>
        {
            if (context.SampleId % 8 == 7)
            {
                throw new InvalidDataException("bad marker");
            }
        });
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 8),
            transform,
            new BatchLoaderOptions { Threads = threads, ErrorPolicy = SampleErrorPolicy.Skip, MaxSkippedFraction = 2.0 / 24 });
        using var batches = loader.GetEnumerator();

        Assert.True(batches.MoveNext());
        Assert.True(batches.MoveNext());
        var exception = Assert.Throws<SampleDecodeException>(() => batches.MoveNext());
        Assert.Equal(23, exception.SampleId);
        Assert.Contains("bad marker", exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 samples of the epoch", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(BatchLoaderOptions.MaxSkippedFraction), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerate_NoMemoryForBatches_SaysHowManyAndTheRemedy()
    {
        var allocator = new TrackingBatchAllocator { FailsAt = 5 };
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 8), batchSize: 4),
            new IdAndTextTransform(),
            new BatchLoaderOptions { Allocator = allocator });

        var exception = Assert.Throws<InsufficientMemoryException>(() => loader.GetEnumerator());

        Assert.Contains("3 batches of 4 samples", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(BatchLoaderOptions.PrefetchFactor), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ImpossiblePrefetchFactor_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(
        ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 8), batchSize: 4),
        new IdAndTextTransform(),
        new BatchLoaderOptions { PrefetchFactor = int.MaxValue }));

    [Fact]
    public void Enumerate_PredownloadBeyondAnyEpoch_TakesNoMoreMemoryThanTheEpoch()
    {
        var source = ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 8), batchSize: 4);
        source.Predownload = int.MaxValue;
        using var loader = new BatchLoader(source, new IdAndTextTransform());

        Assert.Equal(8, BatchLoaderTests.ReadIds(loader).Count);
    }

    [Fact]
    public void Enumerate_OrderThatFails_ThrowsAfterTheBatchesBefore()
    {
        static IEnumerable<long[]> Order(long epoch)
        {
            yield return [0, 1];
            throw new InvalidOperationException("The order broke.");
        }

        using var loader = new BatchLoader(new ScriptedLoaderSource(new ScriptedShardCache(0, 8), 2, Order), new IdAndTextTransform());
        using var batches = loader.GetEnumerator();

        Assert.True(batches.MoveNext());
        Assert.Equal("The order broke.", Assert.Throws<InvalidOperationException>(() => batches.MoveNext()).Message);
    }
}
