// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming.Tests.Datasets;

public sealed class StreamingIterableDatasetTests : IDisposable
{
    private readonly ImageShardsFolder _folder = ImageShardsFolder.Create();
    private readonly long _before = LiveTensors.Count();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void StockLoader_WithOurSampler_GivesTheColumnsInOrder()
    {
        using (var ours = new StreamingDataLoader(new StreamingMapDataset(_folder.Open(), Images.Augmented)))
        {
            var dataset = new StreamingIterableDataset(_folder.Open(), Images.Augmented);
            using var stock = utils.data.DataLoader(dataset, 8, dataset.CreateSampler(), num_worker: 2);
            using var expected = ours.GetEnumerator();
            foreach (var batch in stock)
            {
                expected.MoveNext();

                Assert.Equal(3, batch.Count);
                Assert.Equal(Images.Bytes(expected.Current["x"]), Images.Bytes(batch[0]));
                Assert.Equal(Images.Bytes(expected.Current["y"]), Images.Bytes(batch[1]));
                Assert.Equal(Images.Bytes(expected.Current["i"]), Images.Bytes(batch[2]));
            }

            Assert.Equal(60, dataset.Count);
            Assert.Equal(60, dataset.Size);
        }

        Assert.Equal(_before, Tensor.TotalCount);
    }

    [Fact]
    public void GetTensor_Function_GivesItsTensorsInOrder()
    {
        using var scope = NewDisposeScope();
        using var dataset = new StreamingIterableDataset(
            _folder.Open(), static (_, context) => new() { ["b"] = tensor(context.SampleId), ["a"] = tensor(-context.SampleId) });

        Assert.Equal([7L, -7], dataset.GetTensor(7).Select(static value => value.item<long>()));
    }
}
