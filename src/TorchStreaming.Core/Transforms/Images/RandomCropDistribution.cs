// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>The distribution of <c>torchvision.transforms.RandomResizedCrop.get_params</c>: area uniform, proportion log-uniform, place
/// uniform; ten tries, then the largest middle part whose proportion is allowed. Immutable.</summary>
internal sealed class RandomCropDistribution
{
    private const int Tries = 10;

    private readonly double _minimumScale;
    private readonly double _maximumScale;
    private readonly double _minimumRatio;
    private readonly double _maximumRatio;
    private readonly double _minimumLogRatio;
    private readonly double _maximumLogRatio;

    public RandomCropDistribution(double minimumScale, double maximumScale, double minimumRatio, double maximumRatio)
    {
        ThrowIfNoRange(minimumScale, maximumScale, nameof(minimumScale));
        ThrowIfNoRange(minimumRatio, maximumRatio, nameof(minimumRatio));
        (_minimumScale, _maximumScale) = (minimumScale, maximumScale);
        (_minimumRatio, _maximumRatio) = (minimumRatio, maximumRatio);
        (_minimumLogRatio, _maximumLogRatio) = (StableMath.Log(minimumRatio), StableMath.Log(maximumRatio));
    }

    /// <summary>Draws a crop: per try two words for area and proportion, and for the try that fits two integers for top and left.</summary>
    public PixelRectangle Draw(ref SampleRandom random, int width, int height)
    {
        var area = (double)width * height;
        for (var i = 0; i < Tries; i++)
        {
            var targetArea = area * random.NextDouble(_minimumScale, _maximumScale);
            var ratio = StableMath.Exp(random.NextDouble(_minimumLogRatio, _maximumLogRatio));
            var cropWidth = Math.Round(Math.Sqrt(targetArea * ratio), MidpointRounding.ToEven);
            var cropHeight = Math.Round(Math.Sqrt(targetArea / ratio), MidpointRounding.ToEven);
            if (cropWidth > 0 && cropWidth <= width && cropHeight > 0 && cropHeight <= height)
            {
                var top = random.NextInt32(height - (int)cropHeight + 1);
                var left = random.NextInt32(width - (int)cropWidth + 1);
                return new PixelRectangle(left, top, (int)cropWidth, (int)cropHeight);
            }
        }

        return GetFallback(width, height);
    }

    internal PixelRectangle GetFallback(int width, int height)
    {
        var (cropWidth, cropHeight) = (width, height);
        var ratio = (double)width / height;
        if (ratio < _minimumRatio)
        {
            cropHeight = Math.Clamp((int)Math.Round(width / _minimumRatio, MidpointRounding.ToEven), 1, height);
        }
        else if (ratio > _maximumRatio)
        {
            cropWidth = Math.Clamp((int)Math.Round(height * _maximumRatio, MidpointRounding.ToEven), 1, width);
        }

        return new PixelRectangle((width - cropWidth) / 2, (height - cropHeight) / 2, cropWidth, cropHeight);
    }

    private static void ThrowIfNoRange(double minimum, double maximum, string name)
    {
        if (!(minimum > 0) || !(maximum >= minimum) || !double.IsFinite(maximum))
        {
            throw new ArgumentOutOfRangeException(
                name, minimum, $"A range from {minimum} to {maximum} is not possible: the minimum is above 0 and not above the maximum.");
        }
    }
}
