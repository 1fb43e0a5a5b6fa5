// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class ContactSheetTests
{
    [Fact]
    public void Save_BothWaysToPlace_LieWhereTheyShould()
    {
        var sheet = new ContactSheet(3, 2, 1, columns: 2);
        byte[] tile = [10, 20, 30, 40, 50, 60];
        float[] mean = [0.5f, 0.4f, 0.3f];
        float[] deviation = [0.2f, 0.25f, 0.5f];
        var planes = new float[6];
        for (var i = 0; i < 6; i++)
        {
            planes[(i % 3 * 2) + (i / 3)] = ((tile[i] / 255f) - mean[i % 3]) / deviation[i % 3];
        }

        sheet.Place(0, tile);
        sheet.PlacePlanes(2, planes, mean, deviation);
        var file = new MemoryStream();
        sheet.Save(file);

        var image = PngReader.Read(file.ToArray());
        Assert.Equal((10, 8), (image.Width, image.Height));
        Assert.Equal(tile, image.Pixels.AsSpan(((2 * 10) + 2) * 3, 6).ToArray());
        Assert.Equal(tile, image.Pixels.AsSpan(((5 * 10) + 2) * 3, 6).ToArray());
    }

    [Fact]
    public void Place_WrongSizeOrPlace_Throws()
    {
        var sheet = new ContactSheet(1, 2, 2);

        Assert.Throws<ArgumentException>(() => sheet.Place(0, new byte[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sheet.Place(1, new byte[12]));
    }
}
