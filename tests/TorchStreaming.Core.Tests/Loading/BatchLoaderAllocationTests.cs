// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Loading;

[Collection(nameof(AllocationCollection))]
public sealed class BatchLoaderAllocationTests
{
    private const int Samples = 10_240;

    private static readonly ColumnSet Augmented = new(
        new ImageColumn("x", ImageTransform.RandomResizedCrop(16).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std)),
        new ScalarColumn("y"));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Enumerate_ManySamples_AllocatesNothingPerSample(int threads)
    {
        var cache = new ScriptedShardCache(0, [.. Enumerable.Repeat(Samples / 2, 4)]);
        var batches = Enumerable.Range(0, 2 * Samples).Select(static id => (long)id).Chunk(256).ToArray();
        using var loader = new BatchLoader(
            new ScriptedLoaderSource(cache, 256, _ => batches), new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });
        ReadEpoch(loader);

        AssertNothingPerSample(loader);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Enumerate_RealShards_AllocatesNothingPerSample(int threads)
    {
        using var directory = new TemporaryDirectory();
        await SmallDataset.WriteAsync(directory.Path, 2 * Samples, sizeLimit: 1 << 16);
        await using var dataset = await StreamingDataset.OpenAsync(directory.Path, new() { BatchSize = 256 });
        await using var loader = new BatchLoader(
            dataset,
            new ColumnSet(new ScalarColumn("id"), new BytesColumn("text")),
            new BatchLoaderOptions { Threads = threads });
        ReadEpoch(loader);

        AssertNothingPerSample(loader);
    }

    [TurboJpegFact]
    public async Task Enumerate_JpegShards_AllocatesNothingPerSample()
    {
        using var directory = new TemporaryDirectory();
        await WriteJpegsAsync(directory.Path, 2 * Samples);
        foreach (var threads in new[] { 0, 2 })
        {
            await using var dataset = await StreamingDataset.OpenAsync(directory.Path, new() { BatchSize = 256, Shuffle = true });
            await using var loader = new BatchLoader(dataset, Augmented, new BatchLoaderOptions { Threads = threads });
            ReadEpoch(loader);

            AssertNothingPerSample(loader);
        }
    }

    [TurboJpegFact]
    public async Task Enumerate_ManyEpochsOfJpegShards_KeepsMemoryFlat()
    {
        const int few = 2048;
        using var directory = new TemporaryDirectory();
        await WriteJpegsAsync(directory.Path, few);
        var allocator = new TrackingBatchAllocator();
        await using var dataset = await StreamingDataset.OpenAsync(directory.Path, new() { BatchSize = 64, Shuffle = true });
        await using var loader = new BatchLoader(dataset, Augmented, new BatchLoaderOptions { Threads = 2, Allocator = allocator });
        ReadEpoch(loader);
        ReadEpoch(loader);
        var (blocks, heap) = (allocator.Allocations, GC.GetTotalMemory(forceFullCollection: true));

        for (var epoch = 0; epoch < 5; epoch++)
        {
            ReadEpoch(loader);
        }

        // The heap is the whole process's, and the test runner works beside: what is held against is half an object kept per sample.
        Assert.Equal(blocks, allocator.Allocations);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heap, long.MinValue, 5 * few * 12);
    }

    [Fact]
    public void Enumerate_ManyEpochs_AllocatesBuffersOnce()
    {
        var allocator = new TrackingBatchAllocator();
        var cache = new ScriptedShardCache(0, 256);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.Shuffled(cache, batchSize: 32),
            new IdAndTextTransform(),
            new BatchLoaderOptions { Threads = 2, Allocator = allocator });
        for (var epoch = 0; epoch < 20; epoch++)
        {
            ReadEpoch(loader);
        }

        var before = allocator.OpenBlocks;
        for (var epoch = 0; epoch < 5; epoch++)
        {
            ReadEpoch(loader);
        }

        Assert.Equal(before, allocator.OpenBlocks);
    }

    private static async Task WriteJpegsAsync(string directory, int count)
    {
        var images = Enumerable.Range(0, 16).Select(static i => TestImages.MakeJpeg(40 + i, 56 - i, seed: i + 1)).ToArray();
        await using var writer = await MdsWriter.CreateAsync(
            directory,
            new Dictionary<string, string> { ["x"] = "jpeg", ["y"] = "int" },
            new DatasetWriterOptions { SizeLimit = ByteSize.MiB(4) });
        for (var i = 0; i < count; i++)
        {
            writer.Row.SetBytes("x", images[i % images.Length]);
            writer.Row.Set("y", (long)i);
            await writer.WriteRowAsync();
        }

        await writer.CompleteAsync();
    }

    private static void AssertNothingPerSample(BatchLoader loader)
    {
        // What a sample allocates it allocates in every part of every epoch; the test runner's own work, and threads that wait for a busy
        // machine, show in some.
        var perSample = double.PositiveInfinity;
        for (var epoch = 0; epoch < 4 && perSample >= 1; epoch++)
        {
            perSample = Math.Min(perSample, MeasureBytesPerSample(loader));
        }

        Assert.True(perSample < 1, $"{perSample} bytes per sample");
    }

    private static double MeasureBytesPerSample(BatchLoader loader)
    {
        using var epoch = loader.GetEnumerator();
        for (var warmUp = 0; warmUp < 30; warmUp++)
        {
            epoch.MoveNext();
        }

        const int parts = 4;
        var perSample = double.PositiveInfinity;
        for (var part = 0; part < parts; part++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var samples = 0; samples < Samples / parts; samples += epoch.Current.Count)
            {
                epoch.MoveNext();
            }

            perSample = Math.Min(perSample, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Samples / parts));
        }

        return perSample;
    }

    private static void ReadEpoch(BatchLoader loader)
    {
        foreach (var batch in loader)
        {
            _ = batch.Count;
        }
    }
}

/// <summary>Runs alone, since it counts the allocations of the whole process.</summary>
[CollectionDefinition(nameof(AllocationCollection), DisableParallelization = true)]
public sealed class AllocationCollection;
