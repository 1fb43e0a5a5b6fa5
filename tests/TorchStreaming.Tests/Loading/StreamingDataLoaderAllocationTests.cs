// SPDX-License-Identifier: MIT

using TorchStreaming.Tests.Datasets;

namespace TorchStreaming.Tests.Loading;

/// <summary>Batches cost a few objects each, samples none.</summary>
public sealed class StreamingDataLoaderAllocationTests
{
    private const int Samples = 10_240;
    private const int Small = 64;
    private const int Large = 512;
    private const int Parts = 3;

    /// <summary>A batch holds the numbers of its samples; the smallest object that a sample could cost takes three times as much.</summary>
    private const int BytesOfAnId = sizeof(long);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Enumerate_ManySamples_AllocatesPerBatchOnly(int workers)
    {
        using var folder = ImageShardsFolder.Create(2 * Samples, sizeLimit: ByteSize.MiB(1));

        var perSample = (Measure(folder, Large, workers) - Measure(folder, Small, workers)) / (Large - Small);

        Assert.True(perSample < BytesOfAnId + 4, $"{perSample} bytes per sample");
    }

    [Fact]
    public void Enumerate_ManyEpochs_KeepsMemoryAndTensorsFlat()
    {
        using var folder = ImageShardsFolder.Create(Samples / 5, sizeLimit: ByteSize.MiB(1));
        using var loader = Open(folder, Small, workers: 2);
        Read(loader);
        Read(loader);
        var (tensors, heap) = (LiveTensors.Count(), GC.GetTotalMemory(forceFullCollection: true));

        for (var epoch = 0; epoch < 5; epoch++)
        {
            Read(loader);
        }

        Assert.Equal(tensors, LiveTensors.Count());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heap, long.MinValue, 64 << 10);
    }

    /// <summary>Measures the second half of an epoch, when everything that is made once and the order of the epoch are there.</summary>
    private static double Measure(ImageShardsFolder folder, int batchSize, int workers)
    {
        using var loader = Open(folder, batchSize, workers);
        Read(loader);
        using var epoch = loader.GetEnumerator();
        var half = Samples / batchSize;
        for (var i = 0; i < half; i++)
        {
            Assert.True(epoch.MoveNext());
        }

        // What a batch allocates it allocates in every part; the test runner's own work shows in some.
        var part = (half - 1) / Parts;
        var perBatch = double.PositiveInfinity;
        for (var i = 0; i < Parts; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var batch = 0; batch < part; batch++)
            {
                Assert.True(epoch.MoveNext());
            }

            perBatch = Math.Min(perBatch, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)part);
        }

        return perBatch;
    }

    private static void Read(StreamingDataLoader loader)
    {
        foreach (var batch in loader)
        {
            Assert.NotEmpty(batch);
        }
    }

    private static StreamingDataLoader Open(ImageShardsFolder folder, int batchSize, int workers) =>
        new(new StreamingMapDataset(folder.Open(batchSize), Images.Augmented), numWorkers: workers);
}
