// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using TorchStreaming.Loading;
using TorchStreaming.Tests.Datasets;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Loading;

public sealed class StreamingDataLoaderTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Enumerate_TwoEpochs_GivesTheEnginesBatches(int workers)
    {
        using var engineData = _folder.Open();
        using var engine = new BatchLoader(engineData, Images.Augmented, new BatchLoaderOptions { NumWorkers = workers });
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: workers);

        for (var epoch = 0; epoch < 2; epoch++)
        {
            var expected = new List<string>();
            foreach (var batch in engine)
            {
                var hash = Convert.ToHexStringLower(SHA256.HashData(batch.GetBytes("x")));
                expected.Add($"{string.Join(' ', batch.SampleIds.ToArray())} {hash}");
            }

            var actual = Images.Take(loader).Select(static batch => $"{batch.Ids} {batch.Pixels}");

            Assert.Equal(expected, actual);
            Assert.Equal(epoch, loader.Epoch);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void StockLoader_WithOurSampler_GivesTheSameBatches(int workers)
    {
        using var ours = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: workers);
        var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        using var stock = utils.data.DataLoader(dataset, 8, dataset.CreateSampler(numWorkers: workers), num_worker: 3);

        for (var epoch = 0; epoch < 2; epoch++)
        {
            Assert.Equal(Images.Take(ours), Images.TakeStock(stock));
        }
    }

    [Fact]
    public void StockLoader_LogicalWorkersAndShortBatches_GivesTheSameSamplesInTheSameOrder()
    {
        using var ours = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: 3);
        var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        using var stock = utils.data.DataLoader(dataset, 8, dataset.CreateSampler(numWorkers: 3));

        var expected = string.Join(' ', Images.Take(ours).Select(static batch => batch.Ids));

        Assert.Equal(expected, string.Join(' ', Images.TakeStock(stock).Select(static batch => batch.Ids)));
    }

    [Fact]
    public void Enumerate_HeldAsItsBaseClass_GivesTheSameBatchesAndState()
    {
        using var ours = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));
        using var held = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));

        Assert.Equal(Images.Take(ours), Images.TakeStock(held));
        Assert.Equal(ours.StateDict(), held.StateDict());

        Assert.Equal(Images.Take(ours, 3), Images.TakeStock(held).Take(3));
        Assert.Equal(Images.Take(ours, 2), Images.Take(held, 2));
        Assert.Equal(ours.StateDict(), held.StateDict());
    }

    [Fact]
    public void Enumerate_ThroughItsInterface_IsTheFastOne()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));

        Assert.All(loader.Select(static batch => batch.GetType()), static type => Assert.Equal(typeof(TensorBatch), type));
    }

    [Fact]
    public void Enumerate_EndOfEpoch_HasAShortBatchThatDropLastLeavesOut()
    {
        using var all = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));
        using var full = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), dropLast: true);

        var batches = Images.Take(all);

        Assert.Equal(8, all.Count);
        Assert.Equal(7, full.Count);
        Assert.Equal("4x3x8x8", batches[^1].Shape);
        Assert.Equal(batches.SkipLast(1), Images.Take(full));
    }

    [Fact]
    public void Enumerate_SecondEpoch_HasTheSameSamplesInAnotherOrder()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: 2);

        var first = Ids(loader);
        var second = Ids(loader);

        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 60).Select(static id => (long)id), first.Order());
        Assert.Equal(first.Order(), second.Order());
    }

    [Fact]
    public void Enumerate_Batch_KnowsItsSamplesAndEpoch()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));
        foreach (var batch in loader)
        {
            Assert.Equal(batch["i"].data<long>().ToArray(), batch.SampleIds);
            Assert.Equal(batch["x"].shape[0], batch.SampleCount);
            Assert.Equal(0, batch.Epoch);
        }
    }

    [Fact]
    public void Enumerate_TrainAndValidationNested_GivesBothTheirBatches()
    {
        using var alone = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));
        var expected = Images.Take(alone);
        using var outer = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: 1);
        using var inner = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(shuffle: false), Images.Augmented), numWorkers: 1);
        var seen = new List<BatchValues>();

        foreach (var batch in outer)
        {
            Assert.Equal(8, Images.Take(inner).Count);
            seen.Add(BatchValues.Of(batch));
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void Enumerate_AgainWhileOneIsOpen_EndsTheFirst()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: 2);
        using var first = loader.GetEnumerator();
        Assert.True(first.MoveNext());
        var batch = first.Current;

        using var second = loader.GetEnumerator();

        Assert.True(batch.IsReleased);
        Assert.Throws<InvalidOperationException>(() => first.MoveNext());
        Assert.True(second.MoveNext());
        Assert.Equal(1, second.Current.Epoch);
    }

    [Fact]
    public void MoveNext_AfterTheLastBatch_StaysFalseAndEndsTheBatch()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: 2);
        using var batches = loader.GetEnumerator();
        var last = default(TensorBatch);
        while (batches.MoveNext())
        {
            last = batches.Current;
        }

        Assert.True(last!.IsReleased);
        Assert.False(batches.MoveNext());
        Assert.Throws<InvalidOperationException>(() => batches.Current);
    }

    [Fact]
    public void Enumerate_DisposedLoader_Throws()
    {
        var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));
        loader.Dispose();
        loader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => loader.GetEnumerator());
    }

    [Fact]
    public async Task ReadEpochAsync_WholeEpoch_GivesTheSameBatches()
    {
        using var ours = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented));
        using var other = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), threads: 2);
        var read = new List<BatchValues>();
        await foreach (var batch in other.ReadEpochAsync())
        {
            read.Add(BatchValues.Of(batch));
        }

        Assert.Equal(Images.Take(ours), read);
    }

    [Fact]
    public async Task ReadEpochAsync_OtherEpochStartedMeanwhile_EndsItsBatch()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), threads: 2);
        await using var first = loader.ReadEpochAsync().GetAsyncEnumerator();
        await first.MoveNextAsync();
        var batch = first.Current;

        Assert.Equal(8, Images.Take(loader).Count);

        Assert.True(batch.IsReleased);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await first.MoveNextAsync());
    }

    [Fact]
    public void Statistics_AfterAnEpoch_CountWhatWasDelivered()
    {
        using var loader = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented), numWorkers: 2);

        Images.Take(loader);

        Assert.Equal(60, loader.Statistics.Samples);
        Assert.Equal(8, loader.Statistics.Batches);
    }

    [Fact]
    public void Create_BatchSizes_MustAgreeAndExist()
    {
        using var known = new StreamingMapDataset(_folder.Open(batchSize: 8), Images.Augmented);
        using var unknown = new StreamingMapDataset(
            StreamingDataset.Open(_folder.Remote, new StreamingDatasetOptions { Local = _folder.NewLocal() }), Images.Augmented);

        Assert.Throws<ArgumentException>(() => new StreamingDataLoader(known, batchSize: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingDataLoader(known, batchSize: 0));
        Assert.Throws<ArgumentException>(() => new StreamingDataLoader(unknown));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingDataLoader(known, numWorkers: -1));
        Assert.Throws<ArgumentNullException>(() => new StreamingDataLoader(null!));
    }

    [Fact]
    public void Dispose_DatasetShared_IsLeftOpen()
    {
        using var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        var first = new StreamingDataLoader(dataset, disposeDataset: false);
        Images.Take(first, 2);
        first.Dispose();

        using var second = new StreamingDataLoader(dataset);

        Assert.Equal(8, Images.Take(second).Count);
    }

    private static long[] Ids(StreamingDataLoader loader)
    {
        var ids = Images.Take(loader).SelectMany(static batch => batch.Ids.Split(' '));
        return [.. ids.Select(static id => long.Parse(id, CultureInfo.InvariantCulture))];
    }
}
