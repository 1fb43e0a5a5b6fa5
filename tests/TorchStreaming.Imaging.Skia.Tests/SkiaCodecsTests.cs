// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Tests.Imaging;

public sealed class SkiaCodecsTests
{
    [Fact]
    public void Register_Twice_AddsOneDecoderBehindTheOthers()
    {
        SkiaCodecs.Register();
        SkiaCodecs.Register();

        Assert.Same(SkiaImageDecoderFactory.Instance, ImageDecoders.Default.Factories[^1]);
        Assert.Single(ImageDecoders.Default.Factories, SkiaImageDecoderFactory.Instance);
        Assert.True(JpegEncoder.IsAvailable);
        Assert.True(ImageDecoders.Default.CanDecode(ImageFormat.WebP));
    }
}
