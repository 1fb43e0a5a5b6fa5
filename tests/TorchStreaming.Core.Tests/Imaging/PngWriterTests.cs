// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 50)]
    public void WriteRgb_ReadBack_IsTheSame(int width, int height)
    {
        var pixels = TestImages.MakeRgb(width, height);
        var file = new MemoryStream();

        PngWriter.WriteRgb(file, pixels, width, height);

        var image = PngReader.Read(file.ToArray());
        Assert.Equal((width, height, 3), (image.Width, image.Height, image.Channels));
        Assert.Equal(pixels, image.Pixels);
    }

    [Fact]
    public void WriteGray_ReadBack_IsTheSame()
    {
        var pixels = TestImages.MakeNoise(20 * 10);
        var file = new MemoryStream();

        PngWriter.WriteGray(file, pixels, 20, 10);

        Assert.Equal(pixels, PngReader.Read(file.ToArray()).Pixels);
    }

    [Fact]
    public void WriteRgb_EndsWithTheWellKnownLastChunk()
    {
        var file = new MemoryStream();
        PngWriter.WriteRgb(file, new byte[3], 1, 1);

        Assert.Equal("0000000049454E44AE426082", Convert.ToHexString(file.ToArray().AsSpan()[^12..]));
    }

    [Fact]
    public void WriteRgb_WrongNumberOfPixels_Throws() =>
        Assert.Throws<ArgumentException>(() => PngWriter.WriteRgb(Stream.Null, new byte[5], 1, 2));
}
