// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
#if SKIASHARP
using TorchStreaming.Imaging;
#endif
#if ZSTDSHARP
using TorchStreaming.Compression;
using TorchStreaming.Shards;
#endif

namespace TorchStreaming;

/// <summary>Registers what needs no library of the system: SkiaSharp for images, ZstdSharp for zstd.</summary>
/// <remarks>The engine prefers its native libraries and falls back on these. They register themselves before any other code of this
/// package runs; a program that references the package but uses only the engine's types calls <see cref="Register"/> once.</remarks>
public static class PortableCodecs
{
    /// <summary>Registers them; further calls do nothing. Thread-safe. No native library is loaded before it is needed.</summary>
    public static void Register()
    {
#if SKIASHARP
        ImageDecoders.Register(SkiaImageDecoderFactory.Instance);
#endif
#if ZSTDSHARP
        CompressionCodecs.Register(ZstdSharpCodec.Instance);
#endif
    }

    // A module initializer and not a call in each constructor: it cannot be forgotten by a new entry point, it runs once, and what it
    // does is two list insertions. That is what CA2255 asks of a library that uses one.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void RegisterOnLoad() => Register();
#pragma warning restore CA2255
}
