// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli.Tests;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 1995, 10, 0, new double[] { 0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800 })]
    [InlineData(-0.5, 9.5, 10, 1, new double[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(7.5, 8.5, 10, 1, new double[] { 8 })]
    [InlineData(0, 0.04, 5, 0, new double[] { 0, 0.01, 0.02, 0.03, 0.04 })]
    [InlineData(5, 5, 10, 0, new double[] { 5 })]
    public void Ticks_OfARange_AreRoundAndInsideIt(double min, double max, int most, double leastStep, double[] expected)
    {
        var ticks = Axis.Ticks(min, max, most, leastStep);

        Assert.Equal(expected.Length, ticks.Count);
        Assert.All(ticks.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 9));
    }

    [Fact]
    public void Ticks_OfAnyRange_AreNeverTooMany()
    {
        var random = new Random(3);
        for (var round = 0; round < 1000; round++)
        {
            var min = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-9, 13));
            var max = min + (random.NextDouble() * Math.Pow(10, random.Next(-9, 13)));
            var ticks = Axis.Ticks(min, max, 10);

            Assert.InRange(ticks.Count, 1, 10);
            Assert.All(ticks, tick => Assert.True(tick >= min - 1e-6 || ticks.Count == 1));
        }
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.25, "0.25")]
    [InlineData(0.0002, "0.0002")]
    [InlineData(1995, "1,995")]
    [InlineData(40_000, "40k")]
    [InlineData(2_500_000, "2.5M")]
    [InlineData(-1.2e12, "-1.2T")]
    public void Label_OfANumber_IsShort(double number, string expected) => Assert.Equal(expected, Axis.Label(number));
}
