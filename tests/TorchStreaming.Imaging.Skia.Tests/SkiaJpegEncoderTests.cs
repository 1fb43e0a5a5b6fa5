// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class SkiaJpegEncoderTests
{
    [Theory]
    [InlineData(nameof(JpegSubsampling.Chroma444))]
    [InlineData(nameof(JpegSubsampling.Chroma422))]
    [InlineData(nameof(JpegSubsampling.Chroma420))]
    [InlineData(nameof(JpegSubsampling.Gray))]
    public void Encode_EverySubsampling_IsReadBackCloseToThePixels(string name)
    {
        var subsampling = Enum.Parse<JpegSubsampling>(name);

        // A smooth image: what subsampling and quantization lose of it is little.
        var rgb = new byte[64 * 40 * 3];
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = ((byte)(i % 64 * 4), (byte)(i / 64 * 6), 100);
        }

        using var encoder = new SkiaJpegEncoder(95, subsampling);
        using var decoder = SkiaImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        var encoded = encoder.Encode(rgb, 64, 40).ToArray();

        Assert.True(decoder.TryReadInfo(encoded, out var info));
        Assert.Equal(new ImageInfo(64, 40, subsampling == JpegSubsampling.Gray ? 1 : 3), info);
        var plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, 64, 40), minimumScale: 1);
        var decoded = new byte[plan.Size];
        decoder.Decode(encoded, plan, decoded);
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            var luma = (0.299 * rgb[3 * i]) + (0.587 * rgb[(3 * i) + 1]) + (0.114 * rgb[(3 * i) + 2]);
            for (var channel = 0; channel < 3; channel++)
            {
                var expected = subsampling == JpegSubsampling.Gray ? luma : rgb[(3 * i) + channel];
                Assert.InRange(decoded[(4 * i) + channel], expected - 16, expected + 16);
            }
        }
    }

    [Fact]
    public void Encode_SmallerAfterLarger_GivesTheSameFileAgain()
    {
        using var encoder = new SkiaJpegEncoder(80, JpegSubsampling.Chroma420);
        var small = encoder.Encode(TestImages.MakeRgb(8, 8), 8, 8).ToArray();
        _ = encoder.Encode(TestImages.MakeRgb(200, 100), 200, 100);

        Assert.Equal(small, encoder.Encode(TestImages.MakeRgb(8, 8), 8, 8).ToArray());
    }
}
