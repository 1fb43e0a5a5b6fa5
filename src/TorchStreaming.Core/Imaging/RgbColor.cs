// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>A color. The default is black.</summary>
/// <param name="Red">Red, 0…255.</param>
/// <param name="Green">Green, 0…255.</param>
/// <param name="Blue">Blue, 0…255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>Makes a gray.</summary>
    /// <param name="level">Red, green and blue alike.</param>
    /// <returns>The color.</returns>
    public static RgbColor Gray(byte level) => new(level, level, level);

    /// <summary>Fills whole pixels.</summary>
    internal void Fill(Span<byte> pixels)
    {
        if (Red == Green && Green == Blue)
        {
            pixels.Fill(Red);
            return;
        }

        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (Red, Green, Blue);
        }
    }
}
