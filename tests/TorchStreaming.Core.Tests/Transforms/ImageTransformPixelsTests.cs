// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class ImageTransformPixelsTests
{
    private const int Width = 40;
    private const int Height = 30;

    private static readonly ImageTransform Bytes = ImageTransform.ToTensor.ToDtype(ElementType.UInt8).ChannelsLast();

    public static TheoryData<string> RandomSteps =>
        ["jitter", "gray", "rotation", "vertical flip", "crop", "erasing", "augment", "solarize", "grow"];

    [Theory]
    [MemberData(nameof(RandomSteps))]
    public void RandomStep_SameSampleAgain_IsTheSame_AndOthersDiffer(string step)
    {
        var transform = Get(step);
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        for (var sample = 0; sample < 24; sample++)
        {
            var context = new TransformContext(5, 1, sample);
            var once = Run(transform, context);
            Assert.Equal(once, Run(transform, context));
            distinct.Add(Convert.ToBase64String(once));
        }

        Assert.InRange(distinct.Count, 2, 24);
    }

    [Fact]
    public void ColorJitter_BrightnessAlone_ScalesByAFactorOfItsRange()
    {
        var source = TestImages.MakeRgb(Width, Height);
        for (var sample = 0; sample < 30; sample++)
        {
            var actual = Run(Bytes.ColorJitter(brightness: 0.4), new TransformContext(1, 0, sample));

            // No pixel of the test image is so bright that it is cut off below 255/1.4.
            var pairs = source.Zip(actual).Where(static pair => pair.First is > 60 and < 180).ToArray();
            var low = pairs.Max(static pair => (double)pair.Second / pair.First);
            var high = pairs.Min(static pair => (pair.Second + 1.0) / pair.First);
            Assert.True(low <= high + 1e-6, $"No one factor explains sample {sample}.");
            Assert.InRange(low, 0.6 - 0.01, 1.4 + 0.01);
        }
    }

    [Fact]
    public void RandomErasing_EveryType_OverwritesARectangleOfItsAreaAfterNormalizing()
    {
        var transform = ImageTransform.ToTensor.Normalize([0.5f], [0.25f]).RandomErasing(1, 0.1, 0.3, 0.5, 2, value: 77);
        for (var sample = 0; sample < 40; sample++)
        {
            var values = MemoryMarshal.Cast<byte, float>(Run(transform, new TransformContext(2, 0, sample))).ToArray();
            var erased = Enumerable.Range(0, Width * Height).Where(i => values[i] == 77).ToArray();

            Assert.InRange(erased.Length, Width * Height * 0.08, Width * Height * 0.33);
            var columns = erased.Select(static i => i % Width).Distinct().Count();
            var rows = erased.Select(static i => i / Width).Distinct().Count();
            Assert.Equal(erased.Length, columns * rows);
            Assert.All(erased, i => Assert.Equal((77, 77), (values[i + (Width * Height)], values[i + (2 * Width * Height)])));
        }

        var bytes = Run(Bytes.RandomErasing(1, value: 300), new TransformContext(2, 0, 3));
        Assert.Contains((byte)255, bytes);
    }

    [Fact]
    public void RandomCrop_WithPadding_IsAWindowOfTheImageInBlack()
    {
        var source = TestImages.MakeRgb(Width, Height);
        var places = new HashSet<(int, int)>();
        for (var sample = 0; sample < 40; sample++)
        {
            var context = new TransformContext(3, 0, sample);
            var crop = Run(Bytes.RandomCrop(28, padding: 4), context);
            places.Add(Find(source, crop, 28));
        }

        Assert.InRange(places.Count, 20, 40);
        Assert.All(places, static place => Assert.InRange(place.Item1, -4, Height - 28 + 4));
        Assert.All(places, static place => Assert.InRange(place.Item2, -4, Width - 28 + 4));
    }

    [Fact]
    public void RandAugment_Strengths_AreTorchvisionsTable()
    {
        var step = new RandAugmentStep(operations: 2, magnitude: 9, bins: 31, ImageInterpolation.Nearest, default);

        Assert.Equal(ImageOperation.Rotate(9), step.GetOperation(5, 1, 100, 50));
        Assert.Equal(ImageOperation.Brightness(1 - (0.3 * 0.9)), step.GetOperation(6, -1, 100, 50));
        Assert.Equal(ImageOperation.Posterize(7), step.GetOperation(10, 1, 100, 50));
        Assert.Equal(ImageOperation.Solarize(255 * 0.7), step.GetOperation(11, 1, 100, 50));
        Assert.Equal(ImageOperation.Affine(translateX: -13), step.GetOperation(3, -1, 100, 50));
        Assert.Equal(ImageOperation.Affine(translateY: 6), step.GetOperation(4, 1, 100, 50));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.37f)]
    [InlineData(1.9f)]
    public void BlendRow_AnyLength_IsTheSingleBlends(float factor)
    {
        var random = new Random(3);
        for (var length = 0; length < 70; length++)
        {
            var (from, to, result) = (new byte[length], new byte[length], new byte[length]);
            random.NextBytes(from);
            random.NextBytes(to);

            PixelBlend.BlendRow(from, to, factor, result);

            Assert.Equal(from.Zip(to, (a, b) => PixelBlend.Blend(a, b, factor)), result);
        }
    }

    [Fact]
    public void HueShift_OfNothing_IsTheRoundTripThroughHsv()
    {
        var pixels = new byte[3 * 20_000];
        new Random(4).NextBytes(pixels);
        var shifted = (byte[])pixels.Clone();

        PixelHue.Shift(shifted, 0);

        for (var i = 0; i < pixels.Length; i += 3)
        {
            var before = PixelHue.ToHsv(pixels[i], pixels[i + 1], pixels[i + 2]);
            Assert.Equal(before.Value, shifted.AsSpan(i, 3).ToArray().Max());
            Assert.Equal(PixelHue.ToRgb(before.Hue, before.Saturation, before.Value), (shifted[i], shifted[i + 1], shifted[i + 2]));
        }
    }

    [Fact]
    public void Chain_StepOutOfOrder_IsNamedWithTheOneBefore()
    {
        AssertRefused("RandomHorizontalFlip cannot follow ColorJitter.", static () => Bytes.ColorJitter(0.1).RandomHorizontalFlip());
        AssertRefused("Resize cannot follow Apply(Grayscale).", static () => Bytes.Grayscale().Resize(8));
        AssertRefused("CenterCrop cannot follow Normalize.", static () => ImageTransform.ToTensor.Normalize([0.5f], [0.5f]).CenterCrop(3));
        AssertRefused("RandAugment works on pixels", static () => ImageTransform.ToTensor.Normalize([0.5f], [0.5f]).RandAugment());
        AssertRefused("RandomResizedCrop resamples", static () => ImageTransform.Resize(9).RandomResizedCrop(3));

        static void AssertRefused(string expected, Func<ImageTransform> build) =>
            Assert.StartsWith(expected, Assert.Throws<InvalidOperationException>(build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_OrderAndRanges_AreChecked()
    {
        Assert.Throws<InvalidOperationException>(() => Bytes.Grayscale().RandomHorizontalFlip());
        Assert.Throws<InvalidOperationException>(() => ImageTransform.ToTensor.Normalize([0.5f], [0.5f]).ColorJitter(0.1));
        Assert.Throws<InvalidOperationException>(() => Bytes.RandomErasing().RandomErasing());
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.ColorJitter(hue: 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.RandAugment(magnitude: 31));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.Pad(-1, 0, 0, 0));
        Assert.Throws<ArgumentException>(() => Bytes.RandomRotation(10, ImageInterpolation.Lanczos));
        Assert.Throws<ArgumentException>(() => new LabelMapColumn("y", Bytes.RandomRotation(10)));
    }

    private static ImageTransform Get(string step) => step switch
    {
        "jitter" => Bytes.ColorJitter(0.4, 0.4, 0.4, 0.1),
        "gray" => Bytes.Grayscale(0.5),
        "rotation" => Bytes.RandomRotation(20, ImageInterpolation.Bilinear),
        "vertical flip" => Bytes.RandomVerticalFlip(),
        "crop" => Bytes.RandomCrop(20, 2),
        "erasing" => Bytes.RandomErasing(),
        "augment" => Bytes.RandAugment(),
        "solarize" => Bytes.Apply(ImageOperation.Solarize(100), 0.5),
        _ => Bytes.RandomCrop(16).Pad(1, 2, 3, 4).RandomErasing(),
    };

    private static byte[] Run(ImageTransform transform, TransformContext context)
    {
        var encoded = RawImage.EncodeRgb(TestImages.MakeRgb(Width, Height), Width, Height);
        using var worker = new ImageTransformWorker(transform);
        var prepared = worker.Prepare(encoded, context);
        var destination = new byte[prepared.Width * prepared.Height * 3 * transform.Type.SizeInBytes()];
        worker.Render(encoded, prepared, destination);
        return destination;
    }

    private static (int Top, int Left) Find(byte[] source, byte[] crop, int size)
    {
        for (var top = -4; top <= Height - size + 4; top++)
        {
            for (var left = -4; left <= Width - size + 4; left++)
            {
                if (Enumerable.Range(0, size * size * 3).All(i => crop[i] == At(top + (i / 3 / size), left + (i / 3 % size), i % 3)))
                {
                    return (top, left);
                }
            }
        }

        throw new InvalidOperationException("The crop is no window of the image.");

        int At(int y, int x, int channel) =>
            y < 0 || x < 0 || y >= Height || x >= Width ? 0 : source[(((y * Width) + x) * 3) + channel];
    }
}
