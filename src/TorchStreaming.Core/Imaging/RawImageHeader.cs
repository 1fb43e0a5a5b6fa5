// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>The pixel layouts of uncompressed images that are read.</summary>
internal enum RawImageMode : byte
{
    Unknown,
    L,
    Rgb,
    Rgba,
    Cmyk,
}

/// <summary>The header of an uncompressed image.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Mode">The pixel layout.</param>
/// <param name="BytesPerPixel">The bytes of one pixel.</param>
/// <param name="PixelOffset">Where the pixels begin.</param>
internal readonly record struct RawImageHeader(int Width, int Height, RawImageMode Mode, int BytesPerPixel, int PixelOffset);
