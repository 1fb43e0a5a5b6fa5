// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Loading;

[Collection(nameof(AllocationCollection))]
public sealed class BatchLoaderAllocationTests
{
    private const int Samples = 10_240;

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

    private static void AssertNothingPerSample(BatchLoader loader)
    {
        using var epoch = loader.GetEnumerator();
        for (var warmUp = 0; warmUp < 30; warmUp++)
        {
            epoch.MoveNext();
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var samples = 0; samples < Samples; samples += epoch.Current.Count)
        {
            epoch.MoveNext();
        }

        var perSample = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Samples;

        Assert.True(perSample < 1, $"{perSample} bytes per sample");
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
