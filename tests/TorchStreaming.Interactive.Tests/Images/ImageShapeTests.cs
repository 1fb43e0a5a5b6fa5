// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Interactive.Tests;

public sealed class ImageShapeTests
{
    [Theory]
    [InlineData("3,224,224", true)]
    [InlineData("28,28,1", true)]
    [InlineData("3,4,4", false)]
    [InlineData("3,224", false)]
    [InlineData("3,100000,100000", false)]
    [InlineData("2,224,224", false)]
    public void ImageShape_OfAShape_GuessesImages(string shape, bool expected)
    {
        long[] sizes = [.. shape.Split(',').Select(static size => long.Parse(size, CultureInfo.InvariantCulture))];

        Assert.Equal(expected, ImageShape.TryGuess(sizes, out _));
    }
}
