// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class SkiaImageDecoderTests
{
    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void Decode_GoldenJpegs_AreCloseToTheReferencesPixels()
    {
        using var decoder = SkiaImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        foreach (var golden in GoldenJpegs.Read("val"))
        {
            var pixels = Decode(decoder, golden.Encoded, minimumScale: 1, out var plan);
            Assert.True((golden.Width, golden.Height) == (plan.Rectangle.Width, plan.Rectangle.Height), golden.Name);
            Assert.True(plan.BytesPerPixel == 4, golden.Name);
            var path = Path.Combine(GoldenData.Root, "streaming", "shards", "imagenet", "reference-decode", golden.Name + ".png");
            if (golden.Mode != "RGB" || !File.Exists(path))
            {
                continue;
            }

            var expected = PngReader.ReadFile(path).Pixels;
            var difference = 0L;
            for (var i = 0; i < expected.Length; i++)
            {
                difference += Math.Abs(expected[i] - pixels[(i / 3 * 4) + (i % 3)]);
            }

            var average = (double)difference / expected.Length;
            Assert.True(average < 1, $"{golden.Name}: differs by {average} of 255 on average");
        }
    }

    [Fact]
    public void Plan_SmallScales_AreNeverBelowTheMinimum()
    {
        using var decoder = SkiaImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        foreach (var golden in GoldenJpegs.ReadOwn("val"))
        {
            foreach (var minimum in new[] { 1, 0.9, 0.5, 0.3, 0.25, 0.2, 0.125, 0.01 })
            {
                var pixels = Decode(decoder, golden.Encoded, minimum, out var plan);

                Assert.True(plan.Scale.Factor >= Math.Min(1, Math.Max(minimum, 0.125)), $"{golden.Name} at {minimum}");
                Assert.NotEmpty(pixels);
            }
        }
    }

    [Fact]
    public void Decode_TruncatedOrEmpty_IsRefused()
    {
        using var decoder = SkiaImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        var golden = GoldenJpegs.ReadOwn("val").First();

        Assert.Throws<ImageDecodeException>(() => Decode(decoder, golden.Encoded[..(golden.Encoded.Length / 2)], 1, out _));
        Assert.Throws<ImageDecodeException>(() => Decode(decoder, golden.Encoded[..10], 1, out _));
        Assert.False(decoder.TryReadInfo([], out _));
        Assert.NotEmpty(Decode(decoder, golden.Encoded, 1, out _));
    }

    [Fact]
    public void TryReadInfo_TooManyPixels_IsRefusedBeforeDecoding()
    {
        using var decoder = SkiaImageDecoderFactory.Instance.Create(new ImageDecoderOptions { MaxPixels = 100 });

        Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo(GoldenJpegs.ReadOwn("val").First().Encoded, out _));
    }

    [Fact]
    public void Decode_Png_HasItsPixels()
    {
        using var decoder = SkiaImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        foreach (var path in Directory.GetFiles(GoldenData.OwnPathOf("streaming", "shards", "imagenet", "reference-decode"), "*.png"))
        {
            var expected = PngReader.ReadFile(path);
            var pixels = Decode(decoder, File.ReadAllBytes(path), 1, out var plan);

            Assert.True((expected.Width, expected.Height) == (plan.Rectangle.Width, plan.Rectangle.Height), path);
            if (expected.Channels == 3)
            {
                for (var i = 0; i < expected.Width * expected.Height; i++)
                {
                    Assert.True(expected.Pixels.AsSpan(i * 3, 3).SequenceEqual(pixels.AsSpan(i * 4, 3)), $"{path}, pixel {i}");
                }
            }
        }
    }

    private static byte[] Decode(IImageDecoder decoder, byte[] encoded, double minimumScale, out ImageDecodePlan plan)
    {
        Assert.True(decoder.TryReadInfo(encoded, out var info));
        plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), minimumScale);
        var pixels = new byte[plan.Size];
        decoder.Decode(encoded, plan, pixels);
        return pixels;
    }
}
