// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class LabelColumnsTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void OneHot_Class_GetsItsShareAndOthersTheRest(double smoothing)
    {
        var set = new ColumnSet(new OneHotColumn("y", 4, smoothing));

        var row = MemoryMarshal.Cast<byte, float>(Encode(2).Transform(set).Bytes(0, 0)).ToArray();

        var rest = (float)(smoothing / 4);
        Assert.Equal([rest, rest, (float)(1 - smoothing + (smoothing / 4)), rest], row);
    }

    [Fact]
    public void OneHot_Bools_AreOneAndZero() =>
        Assert.Equal([0, 1, 0], Encode(1).Transform(new ColumnSet(new OneHotColumn("y", 3, type: ElementType.Bool))).Bytes(0, 0));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void OneHot_ClassThatIsNone_IsAnErrorOfItsColumn(long label)
    {
        var error = Assert.Throws<ColumnException>(() => Encode(label).Transform(new ColumnSet(new OneHotColumn("y", 3))));

        Assert.Contains($"Class {label}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneHot_SmoothedIntegers_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new OneHotColumn("y", 3, 0.1, ElementType.Int64));

    [Fact]
    public void LabelMap_RandomResizedCrop_KeepsLabelsAndFollowsTheImage()
    {
        // A map whose labels say where they are, and an image that shows the same: both are resampled, and the map has no label between.
        var pixels = new byte[64 * 48 * 3];
        for (var i = 0; i < 64 * 48; i++)
        {
            pixels.AsSpan(i * 3, 3).Fill((byte)(i % 64 < 32 ? 10 : 200));
        }

        var transform = ImageTransform.RandomResizedCrop(16).RandomHorizontalFlip().ColorJitter(0.2).Normalize([0.5f], [0.5f]);
        var set = new ColumnSet(new ImageColumn("x", transform), new LabelMapColumn("y", transform, alignedWith: 0));
        var sides = new HashSet<bool>();
        for (var sample = 0; sample < 40; sample++)
        {
            var image = RawImage.EncodeRgb(pixels, 64, 48);
            var context = new TransformContext(1, 0, sample);
            var slot = new EncodedSample(("x", "pil", image), ("y", "pil", image)).Transform(set, context: context);
            var map = slot.Bytes(1, 0);
            var shown = MemoryMarshal.Cast<byte, float>(slot.Bytes(0, 0)).ToArray();

            Assert.Equal([16, 16], slot.Shape(1, 0));
            Assert.All(map, static label => Assert.True(label is 10 or 200, $"label {label}"));
            for (var i = 0; i < map.Length; i++)
            {
                // Away from the border between the two, image and map agree.
                var isBorder = i % 16 == 0 || i % 16 == 15 || map[i - 1] != map[i] || map[i + 1] != map[i];
                Assert.True(isBorder || map[i] > 100 == shown[i] > -0.4f, $"sample {sample}, pixel {i}: {map[i]} and {shown[i]}");
            }

            sides.Add(map[0] > map[15]);
        }

        Assert.Equal(2, sides.Count);
    }

    [Fact]
    public void Beta_Moments_AreTheDistributions()
    {
        foreach (var alpha in (double[])[0.2, 1, 2.5])
        {
            var (sum, squares, count) = (0.0, 0.0, 20_000);
            for (var sample = 0; sample < count; sample++)
            {
                var random = new SampleRandom(new TransformContext(1, 2, sample), 0);
                var value = BetaDistribution.Draw(ref random, alpha);
                Assert.InRange(value, 0, 1);
                (sum, squares) = (sum + value, squares + (value * value));
            }

            var mean = sum / count;
            Assert.InRange(mean, 0.49, 0.51);
            var variance = 1 / (4 * ((2 * alpha) + 1));
            Assert.InRange((squares / count) - (mean * mean), variance * 0.95, variance * 1.05);
        }
    }

    private static EncodedSample Encode(long label) => new(("y", "int", BitConverter.GetBytes(label)));
}
