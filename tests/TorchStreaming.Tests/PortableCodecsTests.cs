// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Imaging;

namespace TorchStreaming.Tests;

public sealed class PortableCodecsTests
{
    [Fact]
    public void Package_OnceLoaded_HasSkiaBehindTheSystemsLibraries()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(StreamingDataLoader).Module.ModuleHandle);

        var names = ImageDecoders.Default.Factories.Select(static factory => factory.Name).ToArray();
        Assert.Single(names, static name => name == "SkiaSharp");
        Assert.True(Array.IndexOf(names, "SkiaSharp") > Array.IndexOf(names, "libturbojpeg"), string.Join(", ", names));
    }
}
