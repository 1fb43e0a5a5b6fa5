// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

public sealed class KeyedPermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1_000_003)]
    public void Item_EveryPlace_GivesEveryNumberOnce(int bound)
    {
        var permutation = new KeyedPermutation(42, bound);
        var seen = new bool[bound];
        for (var place = 0; place < bound; place++)
        {
            var value = permutation[place];
            Assert.InRange(value, 0, bound - 1);
            Assert.False(seen[value]);
            seen[value] = true;
        }
    }

    [Theory]
    [InlineData((1L << 32) - 1)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) + 1)]
    [InlineData(1L << 52)]
    public void Item_LargeBounds_GiveDifferentNumbersInRange(long bound)
    {
        var permutation = new KeyedPermutation(42, bound);
        var values = Enumerable.Range(0, 10_000).Select(i => permutation[bound - 1 - i]).ToHashSet();
        Assert.Equal(10_000, values.Count);
        Assert.All(values, value => Assert.InRange(value, 0, bound - 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(300)]
    public void Item_ManyKeys_PutEveryNumberEverywhereEquallyOften(int bound)
    {
        const int Keys = 20_000;
        var counts = new int[bound, bound];
        for (var key = 0; key < Keys; key++)
        {
            var permutation = new KeyedPermutation(KeyedPermutation.DeriveKey(1, (ulong)key), bound);
            for (var place = 0; place < bound; place++)
            {
                counts[place, permutation[place]]++;
            }
        }

        var expected = (double)Keys / bound;
        var chiSquare = counts.Cast<int>().Sum(count => (count - expected) * (count - expected) / expected);
        var freedom = (bound - 1.0) * (bound - 1.0);
        // Five standard deviations of the chi-square distribution.
        Assert.InRange(chiSquare, freedom - (5 * Math.Sqrt(2 * freedom)), freedom + (5 * Math.Sqrt(2 * freedom)));
    }
}
