// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Tests.Imaging;

public sealed class RawImageTests
{
    [Fact]
    public void EncodeRgb_GivesUpstreamsBytes() =>
        Assert.Equal("020000000100000003000000524742010203010203", Convert.ToHexStringLower(RawImage.EncodeRgb([1, 2, 3, 1, 2, 3], 2, 1)));

    [Fact]
    public void EncodeRgb_WrongNumberOfPixels_Throws() => Assert.Throws<ArgumentException>(() => RawImage.EncodeRgb([1, 2, 3, 4], 1, 1));

    [Theory]
    [InlineData("L", "00808001", "808080", 3)]
    [InlineData("RGB", "000102030405060708090A0B", "030405", 3)]
    [InlineData("RGBA", "000102030405060708090A0B0C0D0E0F", "04050607", 4)]
    [InlineData("CMYK", "0000000000FF800010002040FFFFFFFF", "FF007FFF", 4)]
    public void Decode_Region_TakesTheRightPixels(string mode, string pixels, string expected, int bytesPerPixel)
    {
        var encoded = Encode(2, 2, mode, Convert.FromHexString(pixels));
        using var decoder = RawImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        Assert.True(decoder.TryReadInfo(encoded, out var info));

        var plan = decoder.Plan(encoded, info, new PixelRectangle(1, 0, 1, 1), 0.1);
        var destination = new byte[plan.Size];
        decoder.Decode(encoded, plan, destination);

        Assert.Equal((bytesPerPixel, new PixelRectangle(1, 0, 1, 1), ImageScale.Full), (plan.BytesPerPixel, plan.Rectangle, plan.Scale));
        Assert.Equal(expected, Convert.ToHexString(destination));
    }

    [Fact]
    public void TryReadInfo_MorePixelsThanAllowed_Throws()
    {
        using var decoder = RawImageDecoderFactory.Instance.Create(new ImageDecoderOptions { MaxPixels = 3 });

        Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo(Encode(2, 2, "L", new byte[4]), out _));
    }

    [Fact]
    public void TryReadInfo_AbsurdEdge_Throws()
    {
        using var decoder = RawImageDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        var (width, pixels) = (ImageDecoderOptions.MaxEdge + 1, new byte[ImageDecoderOptions.MaxEdge + 1]);

        Assert.Throws<ImageDecodeException>(() => decoder.TryReadInfo(Encode(width, 1, "L", pixels), out _));
    }

    private static byte[] Encode(int width, int height, string mode, byte[] pixels) =>
    [
        .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), .. BitConverter.GetBytes(mode.Length),
        .. System.Text.Encoding.ASCII.GetBytes(mode), .. pixels,
    ];
}
