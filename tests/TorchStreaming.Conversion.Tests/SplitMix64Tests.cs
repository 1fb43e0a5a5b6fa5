// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;

namespace TorchStreaming.Tests.Conversion;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Next_WithoutKeys_GivesThePublishedSequenceOfSeedZero()
    {
        var random = new SplitMix64();

        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], new[] { random.Next(), random.Next(), random.Next() });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(long.MaxValue)]
    public void NextBelow_AnyRange_StaysInside(long range)
    {
        var random = new SplitMix64(range);
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(random.NextBelow(range), 0, range - 1);
        }
    }

    [Fact]
    public void NextBelow_SmallRange_IsEven()
    {
        var random = new SplitMix64(1, 2, 3);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
        {
            counts[random.NextBelow(6)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void NextBetween_ManyDraws_FillTheIntervalWithoutItsEnd()
    {
        var random = new SplitMix64(7);
        var draws = Enumerable.Range(0, 10_000).Select(_ => random.NextBetween(-1, 3)).ToArray();

        Assert.All(draws, draw => Assert.InRange(draw, -1f, 2.9999998f));
        Assert.InRange(draws.Average(), 0.95f, 1.05f);
    }

    [Fact]
    public void Shuffle_TwoSeeds_GiveDifferentPermutations()
    {
        var one = Enumerable.Range(0, 100).ToArray();
        var other = Enumerable.Range(0, 100).ToArray();

        new SplitMix64(1).Shuffle<int>(one);
        new SplitMix64(2).Shuffle<int>(other);

        Assert.NotEqual(one, other);
        Assert.Equal(Enumerable.Range(0, 100), one.Order());
        Assert.Equal(Enumerable.Range(0, 100), other.Order());
    }

    [Fact]
    public void Keys_InAnotherOrder_GiveOtherNumbers() =>
        Assert.NotEqual(new SplitMix64(1, 2).Next(), new SplitMix64(2, 1).Next());
}
