// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Operations that look at one channel of one pixel at a time: a table of 256 answers, made with Pillow's arithmetic, and one
/// pass. A table holds the answers for R, then G, then B where channels differ.</summary>
internal static class PixelTables
{
    public const int Size = 256;

    /// <summary>Replaces every byte by the table's answer for it.</summary>
    public static void Apply(Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        table = table[..Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = table[pixels[i]];
        }
    }

    /// <summary>Replaces every byte by its channel's answer for it.</summary>
    public static void ApplyByChannel(Span<byte> pixels, ReadOnlySpan<byte> tables)
    {
        var red = tables[..Size];
        var green = tables.Slice(Size, Size);
        var blue = tables.Slice(2 * Size, Size);
        for (var i = 0; i + 3 <= pixels.Length; i += 3)
        {
            pixels[i] = red[pixels[i]];
            pixels[i + 1] = green[pixels[i + 1]];
            pixels[i + 2] = blue[pixels[i + 2]];
        }
    }

    /// <summary>Fills a table that moves values toward a level, or beyond them away from it: <c>level + factor·(value - level)</c>.</summary>
    public static void FillBlend(Span<byte> table, int level, float factor)
    {
        for (var value = 0; value < Size; value++)
        {
            table[value] = PixelBlend.Blend(level, value, factor);
        }
    }

    /// <summary>Fills a table of <c>255.999·gain·(value/255)^gamma</c>, rounded down.</summary>
    public static void FillGamma(Span<byte> table, double gamma, double gain)
    {
        for (var value = 0; value < Size; value++)
        {
            table[value] = (byte)Math.Clamp(255.999 * gain * Math.Pow(value / 255.0, gamma), 0, 255);
        }
    }

    /// <summary>Fills a table that keeps the upper bits.</summary>
    public static void FillPosterize(Span<byte> table, int bits)
    {
        var mask = 0xFF00 >> bits;
        for (var value = 0; value < Size; value++)
        {
            table[value] = (byte)(value & mask);
        }
    }

    /// <summary>Fills a table that inverts values from a threshold on.</summary>
    public static void FillSolarize(Span<byte> table, double threshold)
    {
        for (var value = 0; value < Size; value++)
        {
            table[value] = (byte)(value < threshold ? value : 255 - value);
        }
    }

    /// <summary>Fills tables that stretch each channel from its min and max value to the whole range.</summary>
    public static void FillAutoContrast(Span<byte> tables, ReadOnlySpan<byte> pixels)
    {
        Span<int> counts = stackalloc int[Size];
        for (var channel = 0; channel < 3; channel++)
        {
            Count(pixels, channel, counts);
            var table = tables.Slice(channel * Size, Size);
            var low = counts.IndexOfAnyExcept(0);
            var high = counts.LastIndexOfAnyExcept(0);
            if (high <= low)
            {
                FillIdentity(table);
                continue;
            }

            var scale = 255.0 / (high - low);
            var offset = -low * scale;
            for (var value = 0; value < Size; value++)
            {
                table[value] = (byte)Math.Clamp((int)((value * scale) + offset), 0, 255);
            }
        }
    }

    /// <summary>Fills tables that spread each channel so that all values are about equally frequent.</summary>
    public static void FillEqualize(Span<byte> tables, ReadOnlySpan<byte> pixels)
    {
        Span<int> counts = stackalloc int[Size];
        for (var channel = 0; channel < 3; channel++)
        {
            Count(pixels, channel, counts);
            var table = tables.Slice(channel * Size, Size);
            var last = counts.LastIndexOfAnyExcept(0);
            var step = last < 0 ? 0 : ((pixels.Length / 3) - counts[last]) / 255;
            if (step == 0)
            {
                FillIdentity(table);
                continue;
            }

            var sum = step / 2;
            for (var value = 0; value < Size; value++)
            {
                table[value] = (byte)Math.Min(sum / step, 255);
                sum += counts[value];
            }
        }
    }

    private static void FillIdentity(Span<byte> table)
    {
        for (var value = 0; value < Size; value++)
        {
            table[value] = (byte)value;
        }
    }

    private static void Count(ReadOnlySpan<byte> pixels, int channel, Span<int> counts)
    {
        counts.Clear();
        for (var i = channel; i < pixels.Length; i += 3)
        {
            counts[pixels[i]]++;
        }
    }
}
