// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Datasets;

public sealed class StreamingMapDatasetTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Count_TwoRanks_IsTheRanksShareAndSizeIsAll()
    {
        using var dataset = new StreamingMapDataset(_folder.Open(world: new World(1, 2, 1)), Images.Augmented);

        Assert.Equal(30, dataset.Count);
        Assert.Equal(60, dataset.Size);
        Assert.Equal(-1, dataset.Epoch);
    }

    [Fact]
    public void Dispose_Owned_DisposesTheSourceUnlessLeftOpen()
    {
        var left = _folder.Open();
        new StreamingMapDataset(left, Images.Augmented, leaveOpen: true).Dispose();
        using (left.GetSample(0))
        {
            // Still open.
        }

        var owned = left;
        new StreamingMapDataset(owned, Images.Augmented).Dispose();

        Assert.Throws<ObjectDisposedException>(() => owned.GetSample(0));
    }

    [Fact]
    public void Create_WrongColumn_ThrowsAndDisposesTheSource()
    {
        var source = _folder.Open();

        Assert.Throws<ArgumentException>(() => new StreamingMapDataset(source, new ColumnSet(new ScalarColumn("z"))));
        Assert.Throws<ObjectDisposedException>(() => source.GetSample(0));
    }

    [Fact]
    public void GetTensor_DisposedDataset_Throws()
    {
        var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        dataset.Dispose();
        dataset.Dispose();

        Assert.Throws<ObjectDisposedException>(() => dataset.GetTensor(0));
    }

    [Fact]
    public void GetTensor_ManyThreads_GivesTheSameValues()
    {
        using var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        var expected = Enumerable.Range(0, 60).Select(Read).ToArray();

        var actual = Enumerable.Range(0, 600).AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(n => Read(n % 60)).ToArray();

        Assert.Equal(Enumerable.Range(0, 600).Select(n => expected[n % 60]), actual);

        string Read(int n)
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            return Convert.ToHexString(Images.Bytes(dataset.GetTensor(n)["x"]));
        }
    }

    [Fact]
    public void GetTensors_Selection_GivesWhatGetTensorGivesInItsOrder()
    {
        using var dataset = new StreamingMapDataset(_folder.Open(), Images.Augmented);
        long[] numbers = [59, 0, 7, 7, 30];
        using var scope = TorchSharp.torch.NewDisposeScope();

        var selected = dataset.GetTensors(dataset.Source[numbers]).Select(static tensors => Images.Bytes(tensors["x"])).ToArray();

        Assert.Equal(numbers.Select(number => Images.Bytes(dataset.GetTensor(number)["x"])), selected);
        Assert.Equal(10, dataset.GetTensors(dataset.Source[^10..]).Count());
    }

    [Fact]
    public void CreateSampler_ZstdShards_AreReadWithEitherCodec()
    {
        using var folder = ImageShardsFolder.Create(count: 20, compression: "zstd");
        using var loader = new StreamingDataLoader(new StreamingMapDataset(folder.Open(), Images.Augmented), numWorkers: 1);

        Assert.Equal(3, Images.Take(loader).Count);
    }
}
