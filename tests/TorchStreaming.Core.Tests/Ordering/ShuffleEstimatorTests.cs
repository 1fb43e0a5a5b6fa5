// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

public sealed class ShuffleEstimatorTests
{
    [Theory]
    [InlineData(ShuffleAlgorithm.Py1E)]
    [InlineData(ShuffleAlgorithm.Py1S)]
    [InlineData(ShuffleAlgorithm.Py1B)]
    [InlineData(ShuffleAlgorithm.Naive)]
    public void Estimate_OfAWholeEpoch_ComesCloseToTheCount(ShuffleAlgorithm algorithm)
    {
        var order = Order(shuffle: true, algorithm, blockSize: 20_000);

        var estimate = Estimate(order);

        // The count of every distance is lower: a distance among 200,000 is seen once or twice.
        var measured = OrderQuality.Measure(order);
        Assert.Equal(200_000, estimate.Samples);
        Assert.InRange(estimate.Quality.Entropy, measured.Entropy, measured.Entropy * 1.08);
        Assert.Equal(measured.SameShardShare, estimate.Quality.SameShardShare, 12);
        Assert.Equal(measured.ShardsPerStretch, estimate.Quality.ShardsPerStretch, 9);
    }

    [Fact]
    public void Estimate_FullShuffle_IsAllThereCanBe()
    {
        var estimate = Estimate(Order(shuffle: true, ShuffleAlgorithm.Naive, blockSize: 20_000));

        Assert.InRange(estimate.ShareOfFull, 0.995, 1.005);
    }

    [Fact]
    public void Estimate_NoShuffle_IsNothing()
    {
        var estimate = Estimate(Order(shuffle: false, ShuffleAlgorithm.Py1E, blockSize: 20_000));

        Assert.Equal(0, estimate.Quality.SampleEntropy);
        Assert.Equal(0, estimate.ShareOfFull);
        Assert.InRange(estimate.Quality.SameShardShare, 0.99, 1);
    }

    [Fact]
    public void Entropy_OfEvenDistances_IsTheLogarithmOfTheirNumber()
    {
        var histogram = new DistanceHistogram();
        for (var distance = 0; distance < 1 << 20; distance++)
        {
            histogram.Add(distance);
        }

        Assert.Equal(20, histogram.GetEntropy(), 9);
        histogram.Add(long.MaxValue);
    }

    private static ShuffleEstimate Estimate(SampleOrder order)
    {
        var estimator = new ShuffleEstimator(order.Spanner);
        var cursor = order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 0)).OpenCursor();
        var batch = new long[order.Options.BatchSize];
        while (cursor.ReadBatch(batch) is var length and > 0)
        {
            foreach (var sample in batch.AsSpan(0, length))
            {
                estimator.Add(sample, order.Spanner.Find(sample).Shard);
            }
        }

        return estimator.Estimate();
    }

    private static SampleOrder Order(bool shuffle, ShuffleAlgorithm algorithm, int blockSize) => new(new OrderOptions
    {
        Streams = [new StreamShape { ShardSizes = [.. Enumerable.Repeat(500, 400)] }],
        BatchSize = 100,
        Shuffle = shuffle,
        ShuffleAlgorithm = algorithm,
        ShuffleBlockSize = blockSize,
    });
}
