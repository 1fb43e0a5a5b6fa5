// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Turns the hue of pixels in Pillow's HSV, whose hue, saturation and value are bytes.</summary>
internal static class PixelHue
{
    // Hues and saturations by what they depend on, so that no pixel is divided: the range of the channels with the distance of the middle
    // one from the maximum, for each order of the channels; and the range with the maximum.
    private static readonly byte[][] Hues = [.. Enumerable.Range(0, 6).Select(MakeHues)];
    private static readonly byte[] Saturations = MakeSaturations();
    private static readonly float[] Rests = [.. Enumerable.Range(0, 256).Select(static hue => (float)(GetTurn(hue) - GetSextant(hue)))];

    /// <summary>Adds to the hue of every pixel.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="shift">What is added, 256 being once around.</param>
    public static void Shift(Span<byte> pixels, byte shift)
    {
        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            var pixel = pixels.Slice(i, 3);
            var (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
            var high = Math.Max(red, Math.Max(green, blue));
            var range = high - Math.Min(red, Math.Min(green, blue));
            if (range == 0)
            {
                // Grays have hue 0 and saturation 0, and stay.
                continue;
            }

            var (order, middle) = red == high ? (blue + range == high ? (0, green) : (1, blue))
                : green == high ? (red + range == high ? (2, blue) : (3, red))
                : green + range == high ? (4, red) : (5, green);
            var hue = Hues[order][(range << 8) | (high - middle)];
            (pixel[0], pixel[1], pixel[2]) = ToRgb((byte)(hue + shift), Saturations[(range << 8) | high], high);
        }
    }

    /// <summary>Converts a color; each step has the precision that it has in Pillow.</summary>
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

    internal static (byte Red, byte Green, byte Blue) ToRgb(byte hue, byte saturation, byte value)
    {
        if (saturation == 0)
        {
            return (value, value, value);
        }

        var (sextant, rest) = (GetSextant(hue), Rests[hue]);
        var share = (float)(saturation / 255.0);
        var least = Round(value * (1.0 - share));
        var middle = Round(value * (1.0 - ((sextant & 1) == 0 ? share * (1.0 - rest) : share * rest)));
        return (sextant % 6) switch
        {
            0 => (value, middle, least),
            1 => (middle, value, least),
            2 => (least, value, middle),
            3 => (least, middle, value),
            4 => (middle, least, value),
            _ => (value, least, middle),
        };
    }

    private static double GetTurn(int hue) => hue * 6.0 / 255.0;

    private static int GetSextant(int hue) => hue * 6 / 255;

    private static byte[] MakeHues(int order)
    {
        var hues = new byte[1 << 16];
        for (var range = 1; range < 256; range++)
        {
            for (var distance = 0; distance <= range; distance++)
            {
                var (high, middle, low) = ((byte)range, (byte)(range - distance), (byte)0);
                var (red, green, blue) = order switch
                {
                    0 => (high, middle, low),
                    1 => (high, low, middle),
                    2 => (low, high, middle),
                    3 => (middle, high, low),
                    4 => (middle, low, high),
                    _ => (low, middle, high),
                };
                hues[(range << 8) | distance] = ToHsv(red, green, blue).Hue;
            }
        }

        return hues;
    }

    private static byte[] MakeSaturations()
    {
        var saturations = new byte[1 << 16];
        for (var high = 1; high < 256; high++)
        {
            for (var range = 1; range <= high; range++)
            {
                saturations[(range << 8) | high] = ToHsv((byte)high, (byte)(high - range), (byte)(high - range)).Saturation;
            }
        }

        return saturations;
    }

    // Rounding away from zero: no hue, saturation and value give a number so little below a half that adding a half would round it up.
    private static byte Round(double value) => ToByte((int)(value + 0.5));

    private static byte ToByte(int value) => (byte)Math.Clamp(value, 0, 255);
}
