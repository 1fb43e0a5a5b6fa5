// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class RandomCropDistributionTests
{
    /// <summary>Compares moments and deciles with 20,000 recorded draws of torchvision, within five standard errors of a difference of two
    /// such samples.</summary>
    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Draw_Statistics_MatchTorchvision()
    {
        using var document = GoldenData.ReadJson("imaging", "cases.json");
        var cases = 0;
        foreach (var expected in document.RootElement.GetProperty("random_resized_crop_statistics").EnumerateArray())
        {
            var (width, height) = (expected.GetProperty("size_wh")[0].GetInt32(), expected.GetProperty("size_wh")[1].GetInt32());
            var count = expected.GetProperty("n").GetInt32();
            var distribution = new RandomCropDistribution(
                expected.GetProperty("scale")[0].GetDouble(),
                expected.GetProperty("scale")[1].GetDouble(),
                expected.GetProperty("ratio")[0].GetDouble(),
                expected.GetProperty("ratio")[1].GetDouble());
            var draws = new PixelRectangle[count];
            for (var i = 0; i < count; i++)
            {
                var random = new SampleRandom(new TransformContext(1, 0, i), 0);
                draws[i] = distribution.Draw(ref random, width, height);
            }

            var name = $"{width}x{height}";
            var areas = draws.Select(draw => (double)draw.Width * draw.Height / ((double)width * height)).Order().ToArray();
            var ratios = draws.Select(draw => Math.Log((double)draw.Width / draw.Height)).ToArray();
            var error = 5 * Math.Sqrt(2.0 / count);
            var areaDeviation = Deviation(areas);
            Near(name + " area mean", expected.GetProperty("area_mean").GetDouble(), areas.Average(), error * areaDeviation);
            Near(name + " area deviation", expected.GetProperty("area_std").GetDouble(), areaDeviation, error * areaDeviation);
            var ratioDeviation = Deviation(ratios);
            Near(name + " log ratio mean", expected.GetProperty("log_ratio_mean").GetDouble(), ratios.Average(), error * ratioDeviation);
            Near(name + " log ratio deviation", expected.GetProperty("log_ratio_std").GetDouble(), ratioDeviation, error * ratioDeviation);
            var deciles = expected.GetProperty("area_deciles");
            for (var i = 0; i < 9; i++)
            {
                Near($"{name} area decile {i + 1}", deciles[i].GetDouble(), areas[count * (i + 1) / 10], 3 * error * areaDeviation);
            }

            cases++;
        }

        GoldenData.AssertMoreThan(0, cases);
    }

    [Theory]
    [InlineData(10, 100, 0, 43, 10, 13)]
    [InlineData(100, 10, 43, 0, 13, 10)]
    [InlineData(50, 50, 0, 0, 50, 50)]
    [InlineData(1, 1, 0, 0, 1, 1)]
    public void GetFallback_TakesTheMiddleOfAllowedProportions(int width, int height, int left, int top, int cropWidth, int cropHeight)
    {
        var distribution = new RandomCropDistribution(0.08, 1, 3.0 / 4, 4.0 / 3);

        Assert.Equal(new PixelRectangle(left, top, cropWidth, cropHeight), distribution.GetFallback(width, height));
    }

    [Fact]
    public void Draw_AnySize_StaysInside()
    {
        var sizes = new Random(2);
        var distribution = new RandomCropDistribution(0.08, 1, 3.0 / 4, 4.0 / 3);
        for (var i = 0; i < 5_000; i++)
        {
            var image = new PixelRectangle(0, 0, sizes.Next(1, 50), sizes.Next(1, 50));
            var random = new SampleRandom(new TransformContext(0, 0, i), 0);
            var crop = distribution.Draw(ref random, image.Width, image.Height);

            Assert.False(crop.IsEmpty);
            Assert.Equal(crop, crop.Intersect(image));
        }
    }

    private static void Near(string name, double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{name}: {actual}, recorded {expected}, tolerance {tolerance}");

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
