// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

public sealed class NumpyGeneratorTests
{
    [Fact]
    public void SkipShuffle_AnyLength_LeavesTheStateThatShuffleLeaves()
    {
        var lengths = Enumerable.Range(0, 300).Concat([511, 512, 513, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_000_003]);
        foreach (var length in lengths)
        {
            foreach (var drawn in (int[])[0, 1])
            {
                var shuffled = new NumpyGenerator((ulong)length);
                for (var i = 0; i < drawn; i++)
                {
                    shuffled.NextUInt32();
                }

                var skipped = shuffled;
                shuffled.Shuffle<int>(new int[length]);
                skipped.SkipShuffle(length);
                Assert.Equal(shuffled.State, skipped.State);
                Assert.Equal(shuffled.BufferedHalf, skipped.BufferedHalf);
            }
        }
    }

    [Fact]
    public void SkipShuffle_RandomLengths_LeavesTheStateThatItsScalarTwinLeaves()
    {
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var length = random.Next(1, 1 << random.Next(1, 20));
            var skipped = new NumpyGenerator((ulong)random.NextInt64());
            var scalar = skipped;
            skipped.SkipShuffle(length);
            scalar.SkipShuffleInPairs((uint)length - 1);
            Assert.Equal(scalar.State, skipped.State);
            Assert.Equal(scalar.BufferedHalf, skipped.BufferedHalf);
        }
    }

    [Theory]
    [InlineData(10_000, 9_999)]
    [InlineData(10_001, 200)]
    [InlineData(10_001, 201)]
    [InlineData(20_000, 20_000)]
    [InlineData(5, 0)]
    [InlineData(5, 5)]
    public void SkipChoice_AnyBranch_LeavesTheStateThatChoiceLeaves(int population, int count)
    {
        var chosen = new NumpyGenerator(7);
        var skipped = chosen;
        chosen.Choice(population, new long[count]);
        skipped.SkipChoice(population, count);
        Assert.Equal(chosen.State, skipped.State);
        Assert.Equal(chosen.BufferedHalf, skipped.BufferedHalf);
    }

    [Fact]
    public void SkipUniform_AnyCount_LeavesTheStateThatUniformLeaves()
    {
        foreach (var count in (int[])[0, 1, 2, 3, 100, 12_345])
        {
            var drawn = new NumpyGenerator(11);
            drawn.NextUInt32();
            var skipped = drawn;
            drawn.Uniform(-1, 1, new double[count]);
            skipped.SkipUniform(count);
            Assert.Equal(drawn.State, skipped.State);
            Assert.Equal(drawn.BufferedHalf, skipped.BufferedHalf);
        }
    }

    [Fact]
    public void NextInterval_BeyondThirtyTwoBits_StaysInRange()
    {
        var generator = new NumpyGenerator(3);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(generator.NextInterval(5UL << 40), 0UL, 5UL << 40));
    }
}
