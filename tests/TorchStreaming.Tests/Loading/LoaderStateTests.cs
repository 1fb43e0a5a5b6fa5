// SPDX-License-Identifier: MIT

using TorchStreaming.Tests.Datasets;

namespace TorchStreaming.Tests.Loading;

/// <summary>A run that stops after some batches continues exactly where it stopped, in another loader.</summary>
public sealed class LoaderStateTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create(count: 96);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 1, 0)]
    [InlineData(6, 1, 2)]
    [InlineData(6, 1, 3)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 2, 2)]
    [InlineData(1, 4, 1)]
    public void LoadStateDict_AfterSomeBatches_GoesOnExactly(int batches, int ranks, int workers)
    {
        for (var rank = 0; rank < ranks; rank++)
        {
            var world = new World(1, ranks, rank);
            using var uninterrupted = Open(world, workers);
            var expected = Images.Take(uninterrupted).Skip(batches).Concat(Images.Take(uninterrupted)).ToList();

            using var stopped = Open(world, workers);
            Images.Take(stopped, batches);
            var state = stopped.StateDict().ToJson();
            using var resumed = Open(world, workers);
            resumed.LoadStateDict(state);
            List<BatchValues> actual = [.. Images.Take(resumed), .. Images.Take(resumed)];

            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void LoadStateDict_InTheSecondEpoch_GoesOnExactly()
    {
        using var uninterrupted = Open(World.Single, 2);
        Images.Take(uninterrupted);
        var expected = Images.Take(uninterrupted).Skip(4);

        using var stopped = Open(World.Single, 2);
        Images.Take(stopped);
        Images.Take(stopped, 4);
        using var resumed = Open(World.Single, 2);
        resumed.LoadStateDict(stopped.StateDict());

        Assert.Equal(expected, Images.Take(resumed));
        Assert.Equal(1, resumed.Epoch);
    }

    [Fact]
    public void LoadStateDict_OnOtherRankCount_LeavesTheSameSamples()
    {
        using var uninterrupted = Open(World.Single, 0, batchSize: 8);
        var remaining = Ids(Images.Take(uninterrupted).Skip(3));

        using var stopped = Open(World.Single, 0, batchSize: 8);
        Images.Take(stopped, 3);
        var state = stopped.StateDict();
        var seen = new List<string>();
        for (var rank = 0; rank < 2; rank++)
        {
            using var resumed = Open(new World(1, 2, rank), 0, batchSize: 4);
            resumed.LoadStateDict(state);
            seen.AddRange(Ids(Images.Take(resumed)));
        }

        Assert.Equal(remaining.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LoadStateDict_IntoTheSameLoader_GoesBack()
    {
        using var loader = Open(World.Single, 1);
        Images.Take(loader, 2);
        var state = loader.StateDict();
        using var other = Open(World.Single, 1);
        var expected = Images.Take(other).Skip(2);
        Images.Take(loader);

        loader.LoadStateDict(state);

        Assert.Equal(expected, Images.Take(loader));
    }

    [Fact]
    public void StateDict_WithBatchesPreparedAhead_CountsOnlyThoseHandedOut()
    {
        using var loader = Open(World.Single, 2);
        using var epoch = loader.GetEnumerator();
        for (var handedOut = 1; handedOut <= 5; handedOut++)
        {
            epoch.MoveNext();

            Assert.Equal(8 * handedOut, loader.StateDict().SampleInEpoch);
        }
    }

    [Fact]
    public void LoadStateDict_StockLoaderWithOurSampler_GoesOnExactly()
    {
        using var uninterrupted = Open(World.Single, 0);
        var expected = Images.Take(uninterrupted).Skip(5);
        using var stopped = Open(World.Single, 0);
        Images.Take(stopped, 5);

        var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        var sampler = dataset.CreateSampler();
        sampler.LoadStateDict(stopped.StateDict());
        using var stock = TorchSharp.torch.utils.data.DataLoader(dataset, 8, sampler);

        Assert.Equal(expected, Images.TakeStock(stock));
        Assert.Equal(56, sampler.SamplesYielded);
        Assert.Equal(96, sampler.StateDict().SampleInEpoch);
    }

    [Fact]
    public void LoadStateDict_NotAState_Throws()
    {
        using var loader = Open(World.Single, 0);

        Assert.Throws<ResumeException>(() => loader.LoadStateDict("{\"epoch\": 0}"));
        Assert.Throws<ArgumentNullException>(() => loader.LoadStateDict((LoaderState)null!));
    }

    private static IEnumerable<string> Ids(IEnumerable<BatchValues> batches) => batches.SelectMany(static batch => batch.Ids.Split(' '));

    private StreamingDataLoader Open(World world, int workers, int batchSize = 8) =>
        new(new StreamingMapDataset(_folder.Open(batchSize, world: world), Images.Augmented), numWorkers: workers);
}
