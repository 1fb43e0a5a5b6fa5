// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Loading;

public sealed class DynamicBatchSamplerTests
{
    private static readonly long[] Ten = [.. Enumerable.Repeat(1000L, 10)];

    [Fact]
    public void Batches_OfEqualSamples_AreFilledToTheByte() =>
        Assert.Equal([2, 2, 2, 2, 2], Sizes(new DynamicBatchSampler(Objects(Ten), 2000)));

    [Fact]
    public void Batches_DropLast_LeavesTheUnsaturatedOneOut() =>
        Assert.Equal([3, 3, 3], Sizes(new DynamicBatchSampler(Objects(Ten), 3000, dropLast: true)));

    [Fact]
    public void Batches_DropLast_KeepsTheSaturatedOne() =>
        Assert.Equal([3, 2], Sizes(new DynamicBatchSampler(Objects([10, 10, 10, 10, 19]), 30, dropLast: true)));

    [Fact]
    public void Batches_Oversized_AreSinglesOrLeftOut()
    {
        Assert.Equal(Enumerable.Repeat(1, 10), Sizes(new DynamicBatchSampler(Objects(Ten), 500, allowOversizedSamples: true)));
        Assert.Empty(new DynamicBatchSampler(Objects(Ten), 500));
        Assert.Equal(
            [3, 3, 3, 1],
            Sizes(new DynamicBatchSampler(Objects([.. Ten, 6000]), 3000, dropLast: true, allowOversizedSamples: true)));
    }

    [Fact]
    public void Batches_OversizedInTheMiddle_ComesAtOnce() => Assert.Equal(
        [[1], [0, 2]], new DynamicBatchSampler(Objects([10, 500, 20]), 30, allowOversizedSamples: true));

    [Fact]
    public void Batches_EmptySample_IsLeftOut() =>
        Assert.Equal([[0, 2]], new DynamicBatchSampler(Objects([10, 0, 20]), 40));

    [Fact]
    public void Batches_Shuffled_AreAllSamplesInAnotherOrderEachEpoch()
    {
        var sampler = new DynamicBatchSampler(Objects([.. Enumerable.Repeat(1L, 100)]), 10, shuffle: true);
        var (first, second) = (sampler.SelectMany(static batch => batch).ToList(), sampler.SelectMany(static batch => batch).ToList());

        Assert.NotEqual(first, second);
        Assert.Equal(first.Order(), second.Order());
        Assert.Equal(first, new DynamicBatchSampler(Objects([.. Enumerable.Repeat(1L, 100)]), 10, shuffle: true).SelectMany(static batch => batch));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Create_FactorOutOfRange_IsArgumentError(double factor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DynamicBatchSampler(Objects(Ten), 10, saturationFactor: factor));

    [Fact]
    public void SampleCount_CountsAll() => Assert.Equal(10, new DynamicBatchSampler(Objects(Ten), 500).SampleCount);

    private static IEnumerable<int> Sizes(DynamicBatchSampler sampler) => sampler.Select(static batch => batch.Count);

    private static IReadOnlyList<AISObject> Objects(params long[] sizes) =>
        [.. sizes.Select(static size => new AISObject(new AISClient("http://localhost:1").Bucket("b"), "x", size))];
}
