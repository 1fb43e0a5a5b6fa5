// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Datasets of the engine and what they give: samples, batches, states, orders.</summary>
internal static class DatasetValues
{
    public static async Task AddToAsync(PrintedTable table)
    {
        await SmallDataset.WriteAsync(table.Combine("data"), 20);
        var dataset = table.Add(
            await StreamingDataset.OpenAsync(table.Combine("data"), new() { BatchSize = 8, Shuffle = true }),
            "20 samples in 3 shards; an epoch has 20, 20 of them on rank 0");
        table.Add(dataset.Indexes[0], "20 samples in 3 shards, 1014 B");
        AddSamples(table, dataset);
        await AddImageAsync(table);
        AddLoading(table, dataset);
        AddOrders(table, dataset);
        await AddLegacyAsync(table);
        await AddTarsAsync(table);
    }

    private static void AddSamples(PrintedTable table, StreamingDataset dataset)
    {
        table.Add(dataset[2..9], "A selection of 7 samples");
        table.Add(dataset[3], "Sample 3: id (int, 8 bytes), text (str, 6 bytes)");
        var released = dataset[4];
        released.Dispose();
        table.Add(released, "Sample 4, given back");
        var schema = table.Add(
            new RecordSchema<string>(static sample => sample.Get<string>("text")).Column("text", "str", static text => text), "text str");
        table.Add(schema.Read(dataset), "20 samples read as String: text str");
    }

    private static async Task AddImageAsync(PrintedTable table)
    {
        await using (var writer = await MdsWriter.CreateAsync(table.Combine("image"), new Dictionary<string, string> { ["image"] = "pil" }))
        {
            writer.Row.Set("image", new PilImage(4, 2, "RGB", new byte[24]));
            await writer.WriteRowAsync();
            await writer.CompleteAsync();
        }

        using var dataset = await StreamingDataset.OpenAsync(table.Combine("image"));
        using var sample = dataset[0];
        table.Add(typeof(PilImageView), sample.Get<PilImageView>("image").ToString(), "PIL image of mode RGB, 4×2");
    }

    private static void AddLoading(PrintedTable table, StreamingDataset dataset)
    {
        var columns = new ColumnSet(new ScalarColumn("id"), new BytesColumn("text"));
        var loader = table.Add(new BatchLoader(dataset, columns), "Loader of 3 batches of 8 samples an epoch");
        table.Add(loader.StateDict(), "State from before the first epoch; of 20 samples in 3 shards");
        using (var epoch = loader.GetEnumerator())
        {
            Assert.True(epoch.MoveNext());
            table.Add(epoch.Current, "Batch of 8 samples, epoch 0: id Int64 8, text UInt8 ?, a list");
            Assert.True(epoch.MoveNext());
            table.Add(loader.StateDict(), "State: epoch 0, 16 samples of it seen by all ranks together; of 20 samples in 3 shards");
        }

        table.Add(loader.First(), "Batch of 8 samples, epoch 1, which is over");
        table.Add(
            new LoaderStatistics
            {
                Batches = 2,
                Samples = 16,
                Elapsed = TimeSpan.FromSeconds(2),
                ConsumerWait = TimeSpan.FromSeconds(1),
                DownloadWait = TimeSpan.FromSeconds(1),
                Cache = CacheStatistics.Sum([]),
            },
            "16 samples in 2 batches, 8 samples/s; waited 50 % of the time (bottleneck: Download)");
        table.Add(new CacheStatistics(3, 1, 2, 0, 0, 0, 0, 0, 0), "6 leases: 3 found the shard there, 1 waited, 2 fetched");
    }

    private static void AddOrders(PrintedTable table, StreamingDataset dataset)
    {
        table.Add(dataset.World, "Rank 0 of 1, on 1 node with 1 rank each");
        table.Add(new World(2, 4, 5), "Rank 5 of 8, on 2 nodes with 4 ranks each");
        var shape = table.Add(new StreamShape { ShardSizes = [10, 20] }, "30 samples in 2 shards");
        var options = table.Add(
            new OrderOptions { Streams = [shape, shape], BatchSize = 10, Shuffle = true }, "2 streams, batches of 10, shuffled by Py1E with seed 9176");
        var order = table.Add(new SampleOrder(options), $"Order of 60 samples an epoch: {options}");
        table.Add(
            order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 2)),
            "Epoch 2 from sample 0 on: 60 samples in 6 batches on this rank");
    }

    private static async Task AddLegacyAsync(PrintedTable table)
    {
        using (var writer = new StreamingDatasetWriter(table.Combine("legacy"), ["x"]))
        {
            writer.WriteSample(new Dictionary<string, byte[]> { ["x"] = [1, 2] });
            writer.Finish();
            table.Add(writer, "StreamingDatasetWriter: 1 sample written to ~/legacy");
        }

        table.Add(
            await LegacyStreamingDataset.OpenAsync(new LegacyStreamingDatasetOptions { Local = table.Combine("legacy") }),
            "1 sample in 1 shard, Composer's legacy format; 1 of an epoch on rank 0");
    }

    private static async Task AddTarsAsync(PrintedTable table)
    {
        SmallTars.Write(table.Combine("tars"), 3, 2);
        var tars = table.Add(
            await TarStream.OpenAsync(table.Combine("tars")), "2 tars of ~/tars, read from front to back; epoch 0, 0 samples of it given");
        await using var samples = tars.ReadEpochAsync().GetAsyncEnumerator();
        Assert.True(await samples.MoveNextAsync());
        table.Add(samples.Current, "Sample 'set/00000' of train-0.tar: id (8 bytes), txt (6 bytes)");
        table.Add(tars.StateDict(), "State: epoch 0, 1 sample of it delivered by this reader");
    }
}
