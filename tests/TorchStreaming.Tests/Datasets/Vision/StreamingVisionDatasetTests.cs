// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets.Vision;

public sealed class StreamingVisionDatasetTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create(count: 24);
    private readonly long _before = LiveTensors.Count();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void GetTensor_NoTransform_GivesPixelsFrom0To1AndTheClass()
    {
        using var scope = NewDisposeScope();
        using var dataset = Open();

        for (var n = 0; n < 24; n++)
        {
            var sample = dataset.GetTensor(n);
            var pixels = ImageShardsFolder.MakePixels(n, out var width, out var height);
            var expected = tensor(pixels, [height, width, 3]).permute(2, 0, 1).to(ScalarType.Float32).div(255);

            Assert.True(expected.equal(sample["x"]).all().item<bool>(), $"sample {n}");
            Assert.Equal([], sample["y"].shape);
            Assert.Equal(n % 10, sample["y"].item<long>());
        }
    }

    [Fact]
    public void Enumerate_NoTransform_GivesUnstackedImages()
    {
        using (var loader = new StreamingDataLoader(Open(), batchSize: 4))
        {
            using var epoch = loader.GetEnumerator();
            epoch.MoveNext();
            var images = epoch.Current.Lists["x"];

            Assert.Equal(4, images.Count);
            Assert.Equal([3, 18, 20], images[0].shape);
            Assert.Equal([3, 19, 21], images[1].shape);
            Assert.Equal([0L, 1, 2, 3], epoch.Current["y"].data<long>().ToArray());
            Assert.False(epoch.Current.ContainsKey("x"));
            var first = images[0];
            epoch.MoveNext();
            Assert.True(first.IsInvalid);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Detach_UnstackedImages_KeepTheirValues()
    {
        TensorBatch kept;
        using (var dataset = Open())
        using (var loader = new StreamingDataLoader(dataset, batchSize: 4, numWorkers: 2))
        {
            using var epoch = loader.GetEnumerator();
            epoch.MoveNext();
            kept = epoch.Current.Detach();
            while (epoch.MoveNext())
            {
                Assert.NotSame(kept, epoch.Current);
            }
        }

        var pixels = ImageShardsFolder.MakePixels(2, out _, out _);
        Assert.Equal(pixels[0] / 255f, kept.Lists["x"][2].data<float>().ToArray()[0]);
        kept.Dispose();
        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_ImageTransform_GivesWhatGetTensorGives()
    {
        using var dataset = Open(transform: ImageTransform.RandomResizedCrop(9).RandomHorizontalFlip().ToDtype(ElementType.BFloat16));
        using var loader = new StreamingDataLoader(dataset, batchSize: 8, numWorkers: 2, disposeDataset: false);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var batch in loader)
            {
                using var scope = NewDisposeScope();
                for (var row = 0; row < batch.SampleCount; row++)
                {
                    var alone = dataset.GetTensor(batch.SampleIds[row])["x"];
                    Assert.Equal(ScalarType.BFloat16, alone.dtype);
                    Assert.True(alone.equal(batch["x"][row]).all().item<bool>(), $"epoch {epoch}, sample {batch.SampleIds[row]}");
                }
            }
        }
    }

    [Fact]
    public void Enumerate_FunctionTransform_GetsBytesOfTheImage()
    {
        using (var loader = new StreamingDataLoader(
            Open(transform: VisionTransform.FromFunction(static image =>
            {
                Assert.Equal(ScalarType.Byte, image.dtype);
                return image.to(ScalarType.Float32).mean([1, 2]).mul(1);
            })),
            batchSize: 4,
            numWorkers: 2))
        {
            var rows = 0L;
            foreach (var batch in loader)
            {
                Assert.Equal([4, 3], batch["x"].shape);
                rows += batch["x"].shape[0];
            }

            Assert.Equal(24, rows);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_TorchVisionTransform_GetsTheBatchDimensionThatItNeeds()
    {
        using var scope = NewDisposeScope();
        var transform = torchvision.transforms.Compose(
            torchvision.transforms.ConvertImageDtype(ScalarType.Float32),
            torchvision.transforms.Crop(0, 0, 16, 16),
            torchvision.transforms.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]));
        using var theirs = new StreamingDataLoader(
            Open(transform: VisionTransform.FromTorchVision(transform)), batchSize: 8, numWorkers: 2);
        using var ours = new StreamingDataLoader(
            Open(transform: VisionTransform.FromFunction(
                static image => image[.., ..16, ..16].to(ScalarType.Float32).div(255).sub(0.5).div(0.25))),
            batchSize: 8);
        using var expected = ours.GetEnumerator();
        foreach (var batch in theirs)
        {
            expected.MoveNext();

            Assert.True(batch["x"].allclose(expected.Current["x"], 1e-5, 1e-5));
            Assert.Equal(expected.Current["y"].data<long>().ToArray(), batch["y"].data<long>().ToArray());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Enumerate_TargetTransform_AppliesOnEitherWay(bool fused)
    {
        VisionTransform transform = fused ? ImageTransform.CenterCrop(8) : VisionTransform.FromFunction(static image => image.sum());
        using var loader = new StreamingDataLoader(Open(transform: transform, targetTransform: static y => 100 + y), batchSize: 24);
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();

        Assert.Equal(Enumerable.Range(0, 24).Select(static n => 100L + (n % 10)), epoch.Current["y"].data<long>().ToArray());
    }

    [Fact]
    public void Enumerate_JointTransforms_GetBothAndGiveBoth()
    {
        using var loader = new StreamingDataLoader(
            Open(transforms: static (x, y) => (x.flatten()[..4], one_hot(y))), batchSize: 3);
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();

        Assert.Equal([3, 4], epoch.Current["x"].shape);
        Assert.Equal([0L, 1, 0, 0, 0, 0, 0, 0, 0, 0], epoch.Current["y"][1].data<long>().ToArray());

        static Tensor one_hot(Tensor y) => nn.functional.one_hot(y, 10);
    }

    [Fact]
    public void Open_TransformsAndTransform_Throws()
    {
        Assert.Throws<ArgumentException>(() => Open(transforms: static (x, y) => (x, y), transform: ImageTransform.CenterCrop(8)));
        Assert.Throws<ArgumentException>(() => Open(transforms: static (x, y) => (x, y), targetTransform: static y => y));
    }

    [Fact]
    public void Open_CacheLimitBelowFourShards_SaysWhatItMustBe()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            () => new StreamingVisionDataset(
                new() { Remote = _folder.Remote, Local = _folder.NewLocal(), CacheLimit = new ByteSize(1000), World = World.Single }));

        Assert.Contains("CacheLimit is 1000 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerate_CacheLimit_EvictsAndDeliversEverySample()
    {
        using var folder = ImageShardsFolder.Create(count: 120);
        using var dataset = new StreamingVisionDataset(new()
        {
            Remote = folder.Remote, Local = folder.NewLocal(), CacheLimit = ByteSize.KiB(64), Shuffle = true, World = World.Single,
        });
        using var loader = new StreamingDataLoader(dataset, batchSize: 4);
        var seen = new List<long>();
        foreach (var batch in loader)
        {
            seen.AddRange(batch.SampleIds);
        }

        Assert.Equal(Enumerable.Range(0, 120).Select(static id => (long)id), seen.Distinct().Order());
        Assert.InRange(loader.Statistics.Cache.Evictions, 1, long.MaxValue);
    }

    [Fact]
    public void Open_NoSuchRemote_Throws() => Assert.ThrowsAny<TorchStreamingException>(
        () => new StreamingVisionDataset(
            new() { Remote = Path.Combine(_folder.Remote, "nowhere"), Local = _folder.NewLocal(), World = World.Single }));

    [Fact]
    public void Open_NeitherRemoteNorLocal_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => new StreamingVisionDataset(new() { World = World.Single }));

    [Fact]
    public async Task Open_OtherColumns_SaysWhichThereAre()
    {
        var folder = _folder.NewLocal();
        await using (var writer = await MdsWriter.CreateAsync(folder, new Dictionary<string, string> { ["text"] = "str" }))
        {
            writer.Row.Set("text", "hello");
            await writer.WriteRowAsync();
            await writer.CompleteAsync();
        }

        var exception = Assert.Throws<ArgumentException>(() => new StreamingVisionDataset(new() { Local = folder, World = World.Single }));

        Assert.Contains("'x'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'text'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerate_TooManyPixels_NamesTheSample()
    {
        using var loader = new StreamingDataLoader(
            new StreamingVisionDataset(
                new() { Remote = _folder.Remote, Local = _folder.NewLocal(), BatchSize = 4, MaxPixels = 380, World = World.Single }),
            numWorkers: 1);

        Assert.Equal(1, Assert.Throws<SampleDecodeException>(() => loader.Count(static _ => true)).SampleId);
    }

    private StreamingVisionDataset Open(
        Func<Tensor, Tensor, (Tensor X, Tensor Y)>? transforms = null,
        VisionTransform? transform = null,
        Func<long, long>? targetTransform = null) => new(new()
        {
            Remote = _folder.Remote,
            Local = _folder.NewLocal(),
            NumCanonicalNodes = 1,
            Transforms = transforms,
            Transform = transform,
            TargetTransform = targetTransform,
            World = World.Single,
        });
}
