// SPDX-License-Identifier: MIT

#if SKIASHARP
using TorchStreaming.Imaging;
#endif
#if ZSTDSHARP
using TorchStreaming.Shards;
#endif

namespace TorchStreaming.Tests;

public sealed class PortableCodecsTests
{
    [Fact]
    public void Register_Twice_AddsEachOnceAndBehindTheNativeOnes()
    {
        PortableCodecs.Register();
        PortableCodecs.Register();

#if SKIASHARP
        var names = ImageDecoders.Default.Factories.Select(static factory => factory.Name).ToArray();
        Assert.Single(names, "SkiaSharp");
        Assert.True(Array.IndexOf(names, "SkiaSharp") > Array.IndexOf(names, "libturbojpeg"), string.Join(", ", names));
#endif
#if ZSTDSHARP
        Assert.Equal("zstd", CompressionCodecs.Get("zstd").Name);
#endif
    }
}
