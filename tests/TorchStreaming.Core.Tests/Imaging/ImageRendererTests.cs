// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class ImageRendererTests
{
    private static readonly PixelOutput Bytes = PixelOutput.Create(PixelType.UInt8, channelsLast: true, [], []);

    [Fact]
    public void Render_WindowOfAResize_EqualsThatPartOfTheWholeResize()
    {
        var source = TestImages.MakeRgb(150, 110);
        var whole = new ImageGeometry(150, 110);
        whole.Resize(97, 71);
        var window = whole;
        window.Crop(new PixelRectangle(11, 7, 40, 33));
        window.FlipHorizontally();

        var expected = Render(RawImage.EncodeRgb(source, 150, 110), whole);
        var actual = Render(RawImage.EncodeRgb(source, 150, 110), window);

        for (var y = 0; y < 33; y++)
        {
            for (var x = 0; x < 40; x++)
            {
                Assert.Equal(
                    expected.AsSpan((((y + 7) * 97) + 11 + 39 - x) * 3, 3).ToArray(),
                    actual.AsSpan(((y * 40) + x) * 3, 3).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Render_CropLargerThanTheImage_IsPaddedWithBlack(bool mirrored)
    {
        byte[] source = [1, 2, 3, 4, 5, 6];
        var geometry = new ImageGeometry(2, 1);
        geometry.CenterCrop(5, 4);
        if (mirrored)
        {
            geometry.FlipHorizontally();
        }

        var actual = Render(RawImage.EncodeRgb(source, 2, 1), geometry);

        var expected = new byte[5 * 4 * 3];
        byte[] row = mirrored ? [0, 0, 0, 0, 0, 0, 4, 5, 6, 1, 2, 3, 0, 0, 0] : [0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0];
        row.CopyTo(expected, 5 * 3);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Render_ResizeOfAPaddedCrop_EqualsTheResizeOfThePaddedImage()
    {
        var source = TestImages.MakeRgb(9, 7);
        var padded = new byte[20 * 15 * 3];
        for (var y = 0; y < 7; y++)
        {
            source.AsSpan(y * 27, 27).CopyTo(padded.AsSpan((((y + 4) * 20) + 5) * 3));
        }

        var geometry = new ImageGeometry(9, 7);
        geometry.CenterCrop(20, 15);
        geometry.Resize(8, 8);
        var direct = new ImageGeometry(20, 15);
        direct.Resize(8, 8);

        Assert.Equal(Render(RawImage.EncodeRgb(padded, 20, 15), direct), Render(RawImage.EncodeRgb(source, 9, 7), geometry));
    }

    [Fact]
    public void Render_FourBytesPerPixel_EqualsThree()
    {
        var rgb = TestImages.MakeRgb(61, 47);
        var rgba = new byte[61 * 47 * 4];
        for (var i = 0; i < 61 * 47; i++)
        {
            rgb.AsSpan(i * 3, 3).CopyTo(rgba.AsSpan(i * 4));
            rgba[(i * 4) + 3] = (byte)i;
        }

        var geometry = new ImageGeometry(61, 47);
        geometry.Crop(new PixelRectangle(3, 5, 50, 40));
        geometry.Resize(33, 70);
        byte[] encoded = [61, 0, 0, 0, 47, 0, 0, 0, 4, 0, 0, 0, .. "RGBA"u8, .. rgba];

        Assert.Equal(Render(RawImage.EncodeRgb(rgb, 61, 47), geometry), Render(encoded, geometry));
    }

    [TurboJpegFact]
    public void Render_ReducedDecode_IsCloseToTheExactOne()
    {
        foreach (var (width, height, crop) in new[] { (400, 300, 200), (801, 613, 500), (1023, 769, 700) })
        {
            var encoded = TestImages.MakeJpeg(width, height);
            var geometry = new ImageGeometry(width, height);
            geometry.Crop(new PixelRectangle(13, 27, crop, crop));
            geometry.Resize(64, 64);

            var exact = Render(encoded, geometry);
            var reduced = Render(encoded, geometry, exact: false);

            var differences = exact.Zip(reduced, (a, b) => Math.Abs(a - b)).ToArray();
            Assert.True(differences.Average() < 1.5, $"{width}x{height}: {differences.Average()} on average");
            Assert.True(differences.Max() < 24, $"{width}x{height}: {differences.Max()} at most");
            Assert.NotEqual(exact, reduced);
        }
    }

    [TurboJpegFact]
    public void Render_RandomReducedDecodes_AreCoveredAndCloseToTheExactOnes()
    {
        var random = new Random(43);
        for (var round = 0; round < 60; round++)
        {
            var (width, height) = (random.Next(1, 400), random.Next(1, 400));
            var geometry = new ImageGeometry(width, height);
            var (cropWidth, cropHeight) = (random.Next(1, width + 1), random.Next(1, height + 1));
            geometry.Crop(new PixelRectangle(
                random.Next(width - cropWidth + 1), random.Next(height - cropHeight + 1), cropWidth, cropHeight));
            geometry.Resize(random.Next(1, 60), random.Next(1, 60));
            if (round % 2 == 0)
            {
                geometry.CenterCrop(random.Next(1, 40), random.Next(1, 40));
            }

            var encoded = TestImages.MakeJpeg(width, height, round);
            var average = Render(encoded, geometry)
                .Zip(Render(encoded, geometry, exact: false), (a, b) => Math.Abs(a - b))
                .Average();
            Assert.True(average < 6, $"round {round}: {average}");
        }
    }

    [Fact]
    public void Render_RandomGeometries_WritesEveryByteEachTimeTheSame()
    {
        var random = new Random(41);
        for (var round = 0; round < 300; round++)
        {
            var (width, height) = (random.Next(1, 60), random.Next(1, 60));
            var geometry = new ImageGeometry(width, height);
            geometry.CenterCrop(random.Next(1, 70), random.Next(1, 70));
            if (round % 2 == 0)
            {
                geometry.Resize(random.Next(1, 70), random.Next(1, 70));
                geometry.CenterCrop(random.Next(1, 70), random.Next(1, 70));
            }

            if (round % 3 == 0)
            {
                geometry.FlipHorizontally();
            }

            var encoded = RawImage.EncodeRgb(TestImages.MakeNoise(width * height * 3, round), width, height);
            Assert.Equal(Render(encoded, geometry, fill: 0xCC), Render(encoded, geometry, fill: 0x33));
        }
    }

    [Fact]
    public void Render_WrongDestination_Throws()
    {
        var encoded = RawImage.EncodeRgb(new byte[12], 2, 2);
        using var decoder = ImageDecoders.Default.CreateDecoder();
        decoder.TryReadInfo(encoded, out var info);
        using var renderer = new ImageRenderer(Bytes);

        Assert.Throws<ArgumentException>(() => renderer.Render(decoder, encoded, info, new ImageGeometry(2, 2), true, new byte[13]));
    }

    private static byte[] Render(byte[] encoded, ImageGeometry geometry, bool exact = true, byte fill = 0xCC)
    {
        using var decoder = ImageDecoders.Default.CreateDecoder();
        Assert.True(decoder.TryReadInfo(encoded, out var info));
        using var renderer = new ImageRenderer(Bytes);
        var destination = new byte[geometry.Width * geometry.Height * 3];
        destination.AsSpan().Fill(fill);
        renderer.Render(decoder, encoded, info, geometry, exact, destination);
        return destination;
    }
}
