// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;

namespace TorchStreaming.Tests;

public sealed class PortableCodecsTests
{
    [Fact]
    public void Register_Twice_AddsEachOnceAndBehindTheNativeOnes()
    {
        PortableCodecs.Register();
        PortableCodecs.Register();

        var names = ImageDecoders.Default.Factories.Select(static factory => factory.Name).ToArray();
        Assert.Single(names, "SkiaSharp");
        Assert.True(Array.IndexOf(names, "SkiaSharp") > Array.IndexOf(names, "libturbojpeg"), string.Join(", ", names));
        Assert.Equal("zstd", CompressionCodecs.Get("zstd").Name);
    }
}
