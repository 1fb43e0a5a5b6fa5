// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using TorchStreaming.Shards;
using TorchStreaming.Tests.Datasets;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Loading;

/// <summary>Functions of the caller on single samples, and collate functions.</summary>
public sealed class SampleFunctionTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create();
    private readonly long _before = LiveTensors.Count();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Enumerate_Function_DeliversWhatTheStockLoaderDoes(int workers)
    {
        using (var ours = Open(NumbersOf, workers))
        {
            var dataset = new StreamingMapDataset(_folder.Open(), NumbersOf);
            using var stock = utils.data.DataLoader(dataset, 8, dataset.CreateSampler(numWorkers: workers), num_worker: 2);
            for (var epoch = 0; epoch < 2; epoch++)
            {
                Assert.Equal(Images.Take(ours), Images.TakeStock(stock));
            }
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_Function_RunsWithoutGradientsAndItsIntermediatesAreDisposed()
    {
        var weight = ones([4], requires_grad: true);
        var needsGradient = new ConcurrentBag<bool>();
        using (var loader = Open(
            (sample, _) =>
            {
                var product = ones([4]).mul(3).mul(weight);
                needsGradient.Add(product.requires_grad);
                return new() { ["i"] = tensor(sample.GetValue<long>("i")), ["p"] = product.sum() };
            },
            workers: 2))
        {
            foreach (var batch in loader)
            {
                using var first = batch["p"][0];
                Assert.Equal(12, first.item<float>());
            }
        }

        Assert.Equal(60, needsGradient.Count);
        Assert.DoesNotContain(true, needsGradient);
        weight.Dispose();
        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Enumerate_FunctionThrows_NamesTheSample(int workers)
    {
        using (var loader = Open(
            (sample, context) => context.SampleId == 17 ? throw new FormatException("Nobody likes 17.") : NumbersOf(sample, context),
            workers))
        {
            var exception = Assert.Throws<SampleDecodeException>(() => Images.Take(loader));

            Assert.Equal(17, exception.SampleId);
            Assert.Contains("Nobody likes 17.", exception.Message, StringComparison.Ordinal);
            Assert.IsType<FormatException>(exception.InnerException);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_FunctionThrowsUnderSkip_LeavesTheSampleOut()
    {
        using (var loader = new StreamingDataLoader(
            new StreamingMapDataset(
                _folder.Open(shuffle: false),
                (sample, context) => context.SampleId == 17 ? throw new FormatException() : NumbersOf(sample, context)),
            numWorkers: 2,
            errorPolicy: SampleErrorPolicy.Skip,
            maxSkippedFraction: 0.1))
        {
            var batches = Images.Take(loader);

            Assert.Equal("16 18 19 20 21 22 23", batches[2].Ids);
            Assert.Equal(1, loader.Statistics.SkippedSamples);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void GetTensor_FunctionThrows_NamesTheSample()
    {
        using var dataset = new StreamingMapDataset(_folder.Open(), (_, _) => throw new FormatException("No."));

        Assert.Equal(5, Assert.Throws<SampleDecodeException>(() => dataset.GetTensor(5)).SampleId);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(60));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(-1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Dispose_AfterBreak_LeavesNoTensorOfSamplesPreparedAhead(int workers)
    {
        using (var loader = Open(NumbersOf, workers))
        {
            Images.Take(loader, 2);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_FunctionReturnsACachedTensor_ItSurvives()
    {
        using (var cached = arange(3))
        {
            using (var loader = Open(
                (sample, _) => new() { ["i"] = tensor(sample.GetValue<long>("i")), ["c"] = cached, ["d"] = cached }, workers: 2))
            {
                foreach (var batch in loader)
                {
                    using var last = batch["c"][^1];
                    Assert.Equal([0L, 1, 2], last.data<long>().ToArray());
                }
            }

            Assert.False(cached.IsInvalid);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_RaggedTensors_SaysWhichAndWhatToDo()
    {
        using (var loader = Open((_, context) => new() { ["t"] = zeros(context.SampleId + 1) }, workers: 0))
        {
            var exception = Assert.Throws<InvalidOperationException>(() => loader.First());

            Assert.Contains("collate function", exception.Message, StringComparison.Ordinal);
            Assert.Contains("'t'", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Enumerate_NameMissingInASample_SaysWhich()
    {
        using var loader = Open(
            (_, context) => context.SampleId % 2 == 0 ? new() { ["a"] = zeros(1) } : new() { ["b"] = zeros(1) }, workers: 0);

        Assert.Contains("has no tensor", Assert.Throws<InvalidOperationException>(() => loader.First()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerate_CollateFunction_PutsBatchesTogether()
    {
        using (var loader = new StreamingDataLoader(
            new StreamingMapDataset(
                _folder.Open(shuffle: false),
                (_, context) => new() { ["t"] = full([context.SampleId % 3], context.SampleId, ScalarType.Int64) },
                items => new() { ["t"] = cat([.. items.Select(static item => item["t"])]), ["first"] = items[0]["t"] }),
            numWorkers: 2))
        {
            using var epoch = loader.GetEnumerator();
            epoch.MoveNext();

            Assert.Equal([1L, 2, 2, 4, 5, 5, 7], epoch.Current["t"].data<long>().ToArray());
            Assert.Equal(0, epoch.Current["first"].NumberOfElements);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void Detach_CollatedBatch_KeepsItsValues()
    {
        TensorBatch kept;
        using (var loader = Open(NumbersOf, workers: 1))
        {
            kept = Detached(loader);
        }

        Assert.Equal(8, kept["i"].shape[0]);
        kept.Dispose();
        Assert.Equal(_before, Tensor.TotalCount);

        static TensorBatch Detached(StreamingDataLoader loader)
        {
            using var epoch = loader.GetEnumerator();
            epoch.MoveNext();
            return epoch.Current.Detach();
        }
    }

    [Fact]
    public void Enumerate_FunctionReturnsNull_NamesTheSample()
    {
        using var loader = Open((_, _) => null!, workers: 0);

        Assert.Contains("returned null", Assert.Throws<SampleDecodeException>(() => loader.First()).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> NumbersOf(SampleFields sample, TransformContext context)
    {
        var random = new SampleRandom(context, place: 0);
        return new()
        {
            ["i"] = tensor(sample.GetValue<long>("i")),
            ["x"] = tensor(new[] { (double)sample.GetBytes("x").Length, random.NextDouble() }).mul(2),
            ["y"] = tensor(sample.GetValue<long>("y")),
        };
    }

    private StreamingDataLoader Open(SampleFunction function, int workers) =>
        new(new StreamingMapDataset(_folder.Open(), function), numWorkers: workers);
}
