// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class ImageTransformTests
{
    [Fact]
    public void Chain_OfTheReadme_HasTheExpectedShape()
    {
        var transform = ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std);

        Assert.Equal("3, 224, 224", string.Join(", ", transform.Shape));
        Assert.Equal(ElementType.Float32, transform.Type);
        Assert.Equal("224, 200, 3", string.Join(", ", ImageTransform.Resize(256).CenterCrop(224, 200).ChannelsLast().Shape));
        Assert.Equal("3, -1, -1", string.Join(", ", ImageTransform.Resize(256).Shape));
        Assert.Equal("3, 5, 6", string.Join(", ", ImageTransform.CenterCrop(9).Resize(5, 6).RandomHorizontalFlip().Shape));
    }

    [Fact]
    public void Steps_ReturnNewTransforms()
    {
        var start = ImageTransform.CenterCrop(8);
        _ = start.ChannelsLast().Normalize([0.5f], [0.5f]).ToDtype(ElementType.Float16).Exact();

        Assert.False(start.IsChannelsLast);
        Assert.False(start.IsExact);
        Assert.Empty(start.Mean);
        Assert.Equal(ElementType.Float32, start.Type);
    }

    [Fact]
    public void ImpossibleChains_ThrowAtConstruction()
    {
        Assert.Throws<InvalidOperationException>(() => ImageTransform.Resize(256).RandomResizedCrop(224));
        Assert.Throws<InvalidOperationException>(() => ImageTransform.Resize(256).Resize(10, 10));
        Assert.Throws<InvalidOperationException>(() => ImageTransform.ToTensor.Normalize([0.5f], [0.5f]).CenterCrop(3));
        Assert.Throws<InvalidOperationException>(() => ImageTransform.ToTensor.Normalize([0.5f], [0.5f]).Normalize([0.5f], [0.5f]));
        Assert.Throws<InvalidOperationException>(() => ImageTransform.ToTensor.Normalize([0.5f], [0.5f]).ToDtype(ElementType.UInt8));
        Assert.Throws<InvalidOperationException>(() => ImageTransform.ToTensor.ToDtype(ElementType.UInt8).Normalize([0.5f], [0.5f]));
        Assert.Throws<ArgumentException>(() => ImageTransform.ToTensor.ToDtype(ElementType.Int64));
        Assert.Throws<ArgumentException>(() => ImageTransform.ToTensor.Normalize([1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => ImageTransform.ToTensor.Normalize([0, 0, 0], [1, 0, 1]));
        Assert.Throws<ArgumentException>(() => ImageTransform.ToTensor.Normalize([float.NaN], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTransform.Resize(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTransform.CenterCrop(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTransform.RandomHorizontalFlip(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTransform.RandomHorizontalFlip(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTransform.RandomResizedCrop(8, minimumScale: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageTransform.RandomResizedCrop(8, minimumRatio: 2, maximumRatio: 1));
    }

    [Fact]
    public void Render_SameSampleAndEpoch_IsTheSameWhateverCameBefore()
    {
        var transform = ImageTransform.RandomResizedCrop(24).RandomHorizontalFlip().ToDtype(ElementType.UInt8);
        var encoded = RawImage.EncodeRgb(TestImages.MakeRgb(50, 40), 50, 40);
        using var first = new ImageTransformWorker(transform);
        using var second = new ImageTransformWorker(transform);
        var expected = Enumerable.Range(0, 20).Select(id => Render(first, encoded, new TransformContext(7, 2, id))).ToArray();

        foreach (var id in Enumerable.Range(0, 20).Reverse())
        {
            Assert.Equal(expected[id], Render(second, encoded, new TransformContext(7, 2, id)));
        }

        Assert.Equal(20, expected.Select(Convert.ToHexString).Distinct().Count());
        Assert.NotEqual(expected[0], Render(first, encoded, new TransformContext(7, 3, 0)));
        Assert.NotEqual(expected[0], Render(first, encoded, new TransformContext(7, 2, 0), place: 1));
    }

    [Fact]
    public void Render_TypesAndLayouts_HoldTheSameNumbers()
    {
        var encoded = RawImage.EncodeRgb(TestImages.MakeRgb(30, 20), 30, 20);
        var chain = ImageTransform.CenterCrop(11, 13);
        var bytes = Render(chain.ToDtype(ElementType.UInt8).ChannelsLast(), encoded);
        var planes = Render(chain.ToDtype(ElementType.UInt8), encoded);
        var singles = MemoryMarshal.Cast<byte, float>(Render(chain, encoded)).ToArray();
        var halves = MemoryMarshal.Cast<byte, Half>(Render(chain.ToDtype(ElementType.Float16), encoded)).ToArray();
        var lastSingles = MemoryMarshal.Cast<byte, float>(Render(chain.ChannelsLast(), encoded)).ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            var plane = (i % 3 * 11 * 13) + (i / 3);
            Assert.Equal(bytes[i], planes[plane]);
            Assert.Equal(bytes[i] / 255f, singles[plane]);
            Assert.Equal(bytes[i] / 255f, lastSingles[i]);
            Assert.Equal((Half)(bytes[i] / 255f), halves[plane]);
        }
    }

    [Fact]
    public void Prepare_OutputOfAbsurdSize_Throws()
    {
        var options = new ImageDecoderOptions { MaxPixels = 2_000_000 };
        using var worker = new ImageTransformWorker(ImageTransform.Resize(1000), options: options);
        var encoded = RawImage.EncodeRgb(new byte[3 * 1 * 100_000], 1, 100_000);

        Assert.Throws<ImageDecodeException>(() => worker.Prepare(encoded, default));
    }

    private static byte[] Render(ImageTransform transform, byte[] encoded)
    {
        using var worker = new ImageTransformWorker(transform);
        return Render(worker, encoded, default);
    }

    private static byte[] Render(ImageTransformWorker worker, byte[] encoded, TransformContext context, int place = 0)
    {
        var prepared = worker.Prepare(encoded, context, place);
        var elementSize = worker.Transform.Type.SizeInBytes();
        var destination = new byte[prepared.Width * prepared.Height * 3 * elementSize];
        worker.Render(encoded, prepared, destination);
        return destination;
    }
}
