// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Tests.Imaging;

public sealed class ImageScaleTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    [InlineData(0.501, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.26, 2)]
    [InlineData(0.25, 4)]
    [InlineData(0.125, 8)]
    [InlineData(0.001, 8)]
    public void SmallestAtLeast_IsNeverBelowTheMinimum(double minimum, int denominator) =>
        Assert.Equal(new ImageScale(1, denominator), ImageScale.SmallestAtLeast(minimum));

    [Theory]
    [InlineData(500, 8, 63)]
    [InlineData(1, 8, 1)]
    [InlineData(16, 4, 4)]
    public void Apply_RoundsUp(int length, int denominator, int expected) =>
        Assert.Equal(expected, new ImageScale(1, denominator).Apply(length));
}
