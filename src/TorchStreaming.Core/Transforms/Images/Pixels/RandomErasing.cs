// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>Overwrites a random rectangle of a finished image (Zhong et al., "Random Erasing Data Augmentation", 2017), with
/// torchvision's distribution.</summary>
internal sealed class RandomErasing(double probability, double minimumArea, double maximumArea, double minimumRatio, double maximumRatio, float value)
{
    private const int Attempts = 10;

    private readonly double _lowLog = StableMath.Log(minimumRatio);
    private readonly double _highLog = StableMath.Log(maximumRatio);

    /// <summary>Draws the rectangle; an empty one leaves the image as it is.</summary>
    public PixelRectangle Draw(ref SampleRandom random, int width, int height)
    {
        if (!random.NextBoolean(probability))
        {
            return default;
        }

        var area = (double)width * height;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var target = area * random.NextDouble(minimumArea, maximumArea);
            var ratio = StableMath.Exp(random.NextDouble(_lowLog, _highLog));
            var h = (int)Math.Round(Math.Sqrt(target * ratio), MidpointRounding.ToEven);
            var w = (int)Math.Round(Math.Sqrt(target / ratio), MidpointRounding.ToEven);
            if (h < height && w < width)
            {
                var top = random.NextInt32(height - h + 1);
                return new PixelRectangle(random.NextInt32(width - w + 1), top, w, h);
            }
        }

        return default;
    }

    /// <summary>Overwrites the rectangle in an output.</summary>
    public void Fill(PixelRectangle rectangle, ImageTransform transform, int width, int height, Span<byte> output)
    {
        switch (transform.Type)
        {
            case ElementType.UInt8:
                Fill(rectangle, transform.IsChannelsLast, width, height, (byte)Math.Clamp(value, 0, 255), output);
                break;
            case ElementType.Float16:
                var half = BitConverter.HalfToUInt16Bits((Half)value);
                Fill(rectangle, transform.IsChannelsLast, width, height, half, MemoryMarshal.Cast<byte, ushort>(output));
                break;
            case ElementType.BFloat16:
                var upper = PixelOutput.ToBFloat16(value);
                Fill(rectangle, transform.IsChannelsLast, width, height, upper, MemoryMarshal.Cast<byte, ushort>(output));
                break;
            default:
                Fill(rectangle, transform.IsChannelsLast, width, height, value, MemoryMarshal.Cast<byte, float>(output));
                break;
        }
    }

    private static void Fill<T>(PixelRectangle rectangle, bool isChannelsLast, int width, int height, T value, Span<T> output)
    {
        for (var y = rectangle.Y; y < rectangle.Bottom; y++)
        {
            if (isChannelsLast)
            {
                output.Slice(((y * width) + rectangle.X) * 3, rectangle.Width * 3).Fill(value);
                continue;
            }

            for (var channel = 0; channel < 3; channel++)
            {
                output.Slice((((channel * height) + y) * width) + rectangle.X, rectangle.Width).Fill(value);
            }
        }
    }
}
