// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Sizes of Pillow's pixel formats.</summary>
internal static class PilModes
{
    /// <summary>Computes the size of an image's pixels.</summary>
    /// <returns>The number of bytes, or <see langword="null"/> when the mode is not known; <see cref="long.MaxValue"/> when it fits
    /// nothing.</returns>
    public static long? GetByteCount(ReadOnlySpan<char> mode, long width, long height)
    {
        int? perPixel = mode switch
        {
            "1" => 0,
            "L" or "P" => 1,
            "LA" or "La" or "PA" or "I;16" or "I;16L" or "I;16B" => 2,
            "RGB" or "YCbCr" or "LAB" or "HSV" => 3,
            "RGBA" or "RGBa" or "RGBX" or "CMYK" or "I" or "F" => 4,
            _ => null,
        };
        if (perPixel is not { } size)
        {
            return null;
        }

        var row = size == 0 ? (width + 7) / 8 : width * size;
        return (UInt128)row * (UInt128)height > long.MaxValue ? long.MaxValue : row * height;
    }
}
