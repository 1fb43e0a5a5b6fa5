// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Documentation.Tests;

/// <summary>What holds tensors, or makes them.</summary>
internal static class TensorValues
{
    public static void AddTo(PrintedTable table)
    {
        AddDatasets(table);
        AddAIStore(table);
        AddTransforms(table);
    }

    private static void AddDatasets(PrintedTable table)
    {
        StreamingDataset Open() => StreamingDataset.Open(table.Combine("data"), new() { BatchSize = 8 });
        var columns = new ColumnSet(new ScalarColumn("id"), new BytesColumn("text"));
        table.Add(new StreamingIterableDataset(Open(), columns), "StreamingIterableDataset: 20 samples, 20 of an epoch on this rank");
        var dataset = table.Add(new StreamingMapDataset(Open(), columns), "StreamingMapDataset: 20 samples, 20 of an epoch on this rank");
        table.Add(dataset.CreateSampler(), "Order of an epoch in batches of 8, 0 workers");
        table.Add(
            new LegacyStreamingMapDataset(LegacyStreamingDataset.Open(new() { Local = table.Combine("legacy") }), new ColumnSet(new BytesColumn("x"))),
            "LegacyStreamingMapDataset: 1 sample, 1 of an epoch on this rank");
        var loader = table.Add(new StreamingDataLoader(dataset, disposeDataset: false), "Loader of 3 batches of 8 samples an epoch");
        using var epoch = loader.GetEnumerator();
        Assert.True(epoch.MoveNext());
        table.Add(epoch.Current, "Batch of 8 samples, epoch 0: id Int64 8, text, a list of 8 tensors");
        epoch.Current.Dispose();
        table.Add(typeof(TensorBatch), $"{epoch.Current}", "Batch of 8 samples, epoch 0, which is over");
    }

    private static void AddAIStore(PrintedTable table)
    {
        table.Cluster.Contents.Put("images", "train/0.bin", [1, 2, 3]);
        var bucket = new Storage.AISClient(table.Cluster.Endpoint.ToString()).Bucket("images");
        var decoders = table.Add(new AISDecoders { { "cls", AISDecoders.Integer } }, "decoders of cls; other bytes as they are");
        var options = table.Add(
            new AISIterDatasetOptions { Sources = [bucket], Decoders = decoders }, "AISIterDatasetOptions: everything, share 0 of 1; of ais://images");
        table.Add(new AISIterDataset(options), "AISIterDataset, whose samples were not counted yet: Count asks the cluster");
        table.Add(new AISMultiShardStream([new DataShard(bucket)]), "Members of 1 source side by side, share 0 of 1");
        var mapOptions = table.Add(new AISMapDatasetOptions { Sources = [bucket] }, "AISMapDatasetOptions: ais://images; everything");
        Assert.Empty(table.Cluster.Requests);
        var map = table.Add(new AISMapDataset(mapOptions), "AISMapDataset: 1 object, 3 B");
        var listing = table.Cluster.Requests.Count;
        table.Add(new DynamicBatchSampler(map.Objects, 1024, shuffle: true), "Batches of up to 1 KiB, shuffled with seed 9176");
        Assert.Equal(listing, table.Cluster.Requests.Count);
    }

    private static void AddTransforms(PrintedTable table)
    {
        table.Add(BatchMix.MixUp(10, 0.2), "MixUp of 10 classes, alpha 0.2");
        table.Add(BatchMix.OneOf(BatchMix.MixUp(10), BatchMix.CutMix(10)), "one of MixUp of 10 classes, alpha 1, CutMix of 10 classes, alpha 1");
        table.Add(VisionTransform.FromImageTransform(ImageTransform.CenterCrop(8)), "CenterCrop(8, 8) to Float32 3×8×8");
        table.Add(VisionTransform.FromFunction(static (Tensor image) => image), "a function of a tensor");
        table.Add(SegmentationTransform.FromFunction(static (x, y) => (x, y)), "a function of an image and a map");
        table.Add(new WebVidSample("7", "A dog", "0", "a", 12, "https://host/7.mp4", null, null), "Video 7: A dog, 12 s");
    }
}
