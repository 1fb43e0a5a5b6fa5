// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class SampleRandomTests
{
    /// <summary>The published known answers of Philox4x64-10.</summary>
    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)]
    [InlineData(
        ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue,
        0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0)]
    [InlineData(
        0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89, 0x452821E638D01377, 0xBE5466CF34E90C6C,
        0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6)]
    public void Compute_KnownAnswers(
        ulong c0, ulong c1, ulong c2, ulong c3, ulong k0, ulong k1, ulong w0, ulong w1, ulong w2, ulong w3) =>
        Assert.Equal((w0, w1, w2, w3), Philox.Compute(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void NextUInt64_IsPhiloxOfSeedEpochPlaceAndSample()
    {
        var random = new SampleRandom(new TransformContext(Seed: 9176, Epoch: 3, SampleId: 1_000_000_007), place: 5);
        for (var block = 0ul; block < 3; block++)
        {
            var (w0, w1, w2, w3) = Philox.Compute(block, 5, 1_000_000_007, 0, 9176, 3);
            Assert.Equal([w0, w1, w2, w3], new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64() });
        }
    }

    /// <summary>What datasets deliver depends on these numbers: they never change.</summary>
    [Fact]
    public void Draws_OfOneSample_AreFixedForEver()
    {
        var random = new SampleRandom(new TransformContext(0, 0, 0), 0);

        Assert.Equal(0.08723912359911234, random.NextDouble());
        Assert.Equal(85, random.NextInt32(100));
        Assert.False(random.NextBoolean());
        Assert.Equal(2.987570588907116, random.NextDouble(2, 4));
    }

    [Fact]
    public void AnyPartOfTheKey_Changed_ChangesTheNumbers()
    {
        var seen = new HashSet<ulong>();
        (long Seed, long Epoch, long Sample, long Place)[] keys =
            [(1, 2, 3, 4), (2, 2, 3, 4), (1, 3, 3, 4), (1, 2, 4, 4), (1, 2, 3, 5), (2, 1, 4, 3)];
        foreach (var (seed, epoch, sample, place) in keys)
        {
            var random = new SampleRandom(new TransformContext(seed, epoch, sample), place);
            Assert.True(seen.Add(random.NextUInt64()));
        }
    }

    [Fact]
    public void NextInt32_SmallBound_IsUniform()
    {
        var counts = new int[7];
        for (var sample = 0; sample < 70_000; sample++)
        {
            var random = new SampleRandom(new TransformContext(1, 0, sample), 0);
            counts[random.NextInt32(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void NextInt32_NoRoom_Throws(int bound) => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        var random = new SampleRandom(default, 0);
        random.NextInt32(bound);
    });
}
