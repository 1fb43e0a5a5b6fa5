// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Tests.Imaging;

public sealed class ImageGeometryTests
{
    [Theory]
    [InlineData(10, 10, 4, 4, 3, 3)]
    [InlineData(9, 10, 4, 4, 2, 3)]
    [InlineData(11, 10, 4, 4, 4, 3)]
    [InlineData(3, 10, 4, 4, 0, 3)]
    [InlineData(3, 3, 6, 6, -1, -1)]
    public void CenterCrop_RoundsAsTorchvision(int width, int height, int cropWidth, int cropHeight, int left, int top)
    {
        var geometry = new ImageGeometry(width, height);

        geometry.CenterCrop(cropWidth, cropHeight);

        Assert.Equal(new PixelRectangle(left, top, cropWidth, cropHeight), geometry.Window);
    }

    [Theory]
    [InlineData(500, 375, 256, 341, 256)]
    [InlineData(375, 500, 256, 256, 341)]
    [InlineData(100, 100, 64, 64, 64)]
    [InlineData(1, 3, 2, 2, 6)]
    public void ResizeShorterSide_RoundsTheLongerSideDown(int width, int height, int size, int expectedWidth, int expectedHeight)
    {
        var geometry = new ImageGeometry(width, height);

        geometry.ResizeShorterSide(size);

        Assert.Equal((expectedWidth, expectedHeight), (geometry.Width, geometry.Height));
    }

    [Fact]
    public void ResizeShorterSide_ImpossiblyNarrowImage_Throws()
    {
        var geometry = new ImageGeometry(1, 100_000_000);

        Assert.Throws<ImageDecodeException>(() => geometry.ResizeShorterSide(256));
    }

    [Fact]
    public void Crop_AfterFlip_CountsFromTheRight()
    {
        var geometry = new ImageGeometry(10, 4);

        geometry.FlipHorizontally();
        geometry.Crop(new PixelRectangle(1, 0, 3, 4));

        Assert.Equal(new PixelRectangle(6, 0, 3, 4), geometry.Window);
        Assert.True(geometry.IsMirrored);
    }

    [Fact]
    public void Resize_Twice_Throws()
    {
        var geometry = new ImageGeometry(10, 4);
        geometry.Resize(5, 5);

        Assert.Throws<InvalidOperationException>(() => geometry.Resize(4, 4));
    }

    [Fact]
    public void GetNeededSource_WindowOfAResize_StaysInsideTheSource()
    {
        var geometry = new ImageGeometry(1000, 800);
        geometry.Crop(new PixelRectangle(100, 50, 600, 400));
        geometry.Resize(300, 200);
        geometry.CenterCrop(100, 100);

        var needed = geometry.GetNeededSource();

        Assert.Equal(needed, geometry.Source.Intersect(needed));
        Assert.InRange(needed.Width, 200, 216);
        Assert.InRange(needed.Height, 200, 216);
    }
}
