// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>Registers SkiaSharp before any other code of this package runs.</summary>
internal static class PortableCodecs
{
    // A module initializer and not a call in each constructor: it cannot be forgotten by a new entry point, it runs once, and what it
    // does is two insertions. That is what CA2255 asks of a library that uses one.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void RegisterOnLoad() => SkiaCodecs.Register();
#pragma warning restore CA2255
}
