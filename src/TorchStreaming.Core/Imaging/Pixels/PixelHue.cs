// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Turns the hue of pixels in Pillow's HSV, whose hue, saturation and value are bytes.</summary>
internal static class PixelHue
{
    /// <summary>Adds to the hue of every pixel.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="shift">What is added, 256 being once around.</param>
    public static void Shift(Span<byte> pixels, byte shift)
    {
        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            var pixel = pixels.Slice(i, 3);
            var (hue, saturation, value) = ToHsv(pixel[0], pixel[1], pixel[2]);
            (pixel[0], pixel[1], pixel[2]) = ToRgb((byte)(hue + shift), saturation, value);
        }
    }

    /// <summary>Converts a colour; each step has the precision that it has in Pillow.</summary>
    internal static (byte Hue, byte Saturation, byte Value) ToHsv(byte red, byte green, byte blue)
    {
        var high = Math.Max(red, Math.Max(green, blue));
        var low = Math.Min(red, Math.Min(green, blue));
        if (high == low)
        {
            return (0, 0, high);
        }

        float range = high - low;
        var saturation = range / high;
        var fromRed = (high - red) / range;
        var fromGreen = (high - green) / range;
        var fromBlue = (high - blue) / range;
        var sextant = red == high ? fromBlue - fromGreen
            : green == high ? (float)(2.0 + fromRed - fromBlue)
            : (float)(4.0 + fromGreen - fromRed);
        var hue = (float)(((sextant / 6.0) + 1.0) % 1.0);
        return (ToByte((int)(hue * 255.0)), ToByte((int)(saturation * 255.0)), high);
    }

    private static (byte Red, byte Green, byte Blue) ToRgb(byte hue, byte saturation, byte value)
    {
        if (saturation == 0)
        {
            return (value, value, value);
        }

        var sextant = (int)Math.Floor(hue * 6.0 / 255.0);
        var rest = (float)((hue * 6.0 / 255.0) - sextant);
        var share = (float)(saturation / 255.0);
        var least = Round(value * (1.0 - share));
        var falling = Round(value * (1.0 - (share * rest)));
        var rising = Round(value * (1.0 - (share * (1.0 - rest))));
        return (sextant % 6) switch
        {
            0 => (value, rising, least),
            1 => (falling, value, least),
            2 => (least, value, rising),
            3 => (least, falling, value),
            4 => (rising, least, value),
            _ => (value, least, falling),
        };
    }

    private static byte Round(double value) => ToByte((int)Math.Round(value, MidpointRounding.AwayFromZero));

    private static byte ToByte(int value) => (byte)Math.Clamp(value, 0, 255);
}
