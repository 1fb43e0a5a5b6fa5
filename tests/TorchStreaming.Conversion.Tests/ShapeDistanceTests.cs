// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;

namespace TorchStreaming.Tests.Conversion;

public sealed class ShapeDistanceTests
{
    private const int Grid = 64;

    public static TheoryData<string> Shapes => [.. Enum.GetNames<SyntheticShape>()];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void At_OutsideTheUnitCircle_IsOutside(string name)
    {
        var shape = Enum.Parse<SyntheticShape>(name);
        for (var angle = 0.0; angle < 2 * Math.PI; angle += 0.01)
        {
            var (sin, cos) = Math.SinCos(angle);
            Assert.True(ShapeDistance.At(shape, (float)cos, (float)sin) > -1e-3, $"{shape} reaches over the circle at {angle}");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void At_AllOverTheCircle_CoversAFairShare(string name) =>
        Assert.InRange(Mask(Enum.Parse<SyntheticShape>(name)).Count(static inside => inside) / (double)(Grid * Grid), 0.1, 0.75);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void At_NeighboringPoints_DiffersNoMoreThanTheirDistance(string name)
    {
        var shape = Enum.Parse<SyntheticShape>(name);
        const float Step = 1e-3f;
        for (var x = -0.9f; x < 0.9f; x += 0.037f)
        {
            for (var y = -0.9f; y < 0.9f; y += 0.037f)
            {
                var difference = MathF.Abs(ShapeDistance.At(shape, x + Step, y) - ShapeDistance.At(shape, x, y));

                // A spiral's distance is measured along the radius, and signs flip where cells of a checkerboard meet.
                Assert.InRange(difference, 0, shape == SyntheticShape.Spiral ? 0.3f : 3 * Step);
            }
        }
    }

    [Fact]
    public void At_DifferentShapes_CoverDifferentPoints()
    {
        var masks = Enum.GetValues<SyntheticShape>().Select(shape => (Shape: shape, Mask: Mask(shape))).ToArray();
        foreach (var (shape, mask) in masks)
        {
            foreach (var (other, otherMask) in masks.Where(entry => entry.Shape > shape))
            {
                var different = mask.Zip(otherMask).Count(static pair => pair.First != pair.Second);
                Assert.True(different > Grid * Grid / 40, $"{shape} and {other} differ in {different} of {Grid * Grid} points only");
            }
        }
    }

    private static bool[] Mask(SyntheticShape shape) =>
    [
        .. from y in Enumerable.Range(0, Grid)
           from x in Enumerable.Range(0, Grid)
           select ShapeDistance.At(shape, (2 * x + 1f) / Grid - 1, (2 * y + 1f) / Grid - 1) < 0,
    ];
}
