// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class JpegEncoderTests
{
    [TurboJpegFact]
    public void Encode_EverySubsampling_IsReadBackWithItsChannels()
    {
        foreach (var subsampling in Enum.GetValues<JpegSubsampling>())
        {
            var encoded = TestImages.MakeJpeg(33, 21, subsampling: subsampling, progressive: subsampling == JpegSubsampling.Chroma422);
            using var decoder = ImageDecoders.Default.CreateDecoder();

            Assert.True(decoder.TryReadInfo(encoded, out var info));
            Assert.Equal(new ImageInfo(33, 21, subsampling == JpegSubsampling.Gray ? 1 : 3), info);
        }
    }

    [TurboJpegFact]
    public void Encode_AgainAndLarger_ReusesTheEncoder()
    {
        using var encoder = new JpegEncoder(80);
        var small = encoder.Encode(TestImages.MakeRgb(8, 8), 8, 8).ToArray();
        _ = encoder.Encode(TestImages.MakeRgb(200, 100), 200, 100);

        Assert.Equal(small, encoder.Encode(TestImages.MakeRgb(8, 8), 8, 8).ToArray());
    }

    [TurboJpegFact]
    public void WrongArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegEncoder(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegEncoder(101));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegEncoder(90, (JpegSubsampling)9));
        using var encoder = new JpegEncoder();
        Assert.Throws<ArgumentException>(() => encoder.Encode(new byte[5], 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode([], 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode([], 65501, 2));
    }
}
