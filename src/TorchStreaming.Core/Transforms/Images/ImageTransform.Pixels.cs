// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <content>The steps that work on pixels: colors, warps, padding, erasing.</content>
public sealed partial class ImageTransform
{
    internal ImmutableArray<PixelStep> PixelSteps { get; private init; } = [];

    internal RandomErasing? Erasing { get; private init; }

    /// <summary>Does an operation, always or with a probability.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="probability">The probability, from 0 to 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain normalizes already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomApply</c> and the transforms with a <c>p</c>, such as
    /// <c>RandomSolarize(threshold, p)</c>.</remarks>
    public ImageTransform Apply(ImageOperation operation, double probability = 1)
    {
        ThrowIfNoProbability(probability);
        return With(new OperationStep(operation, probability));
    }

    /// <summary>Changes brightness, contrast, saturation and hue by random amounts, in random order.</summary>
    /// <param name="brightness">The factor is drawn from <c>max(0, 1 - brightness)</c> to <c>1 + brightness</c>; 0 leaves it.</param>
    /// <param name="contrast">The same for the contrast.</param>
    /// <param name="saturation">The same for the saturation.</param>
    /// <param name="hue">The hue is turned by -hue to hue, at most 0.5; 0 leaves it.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain normalizes already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.ColorJitter(brightness, contrast, saturation, hue)</c>, from other random
    /// numbers.</remarks>
    public ImageTransform ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0)
    {
        ThrowIfNoRange(brightness, double.MaxValue, nameof(brightness));
        ThrowIfNoRange(contrast, double.MaxValue, nameof(contrast));
        ThrowIfNoRange(saturation, double.MaxValue, nameof(saturation));
        ThrowIfNoRange(hue, 0.5, nameof(hue));
        return With(new ColorJitterStep(brightness, contrast, saturation, hue));
    }

    /// <summary>Makes images gray; they keep three channels.</summary>
    /// <param name="probability">The probability, from 0 to 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain normalizes already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.Grayscale(3)</c> and <c>RandomGrayscale(p)</c>.</remarks>
    public ImageTransform Grayscale(double probability = 1) => Apply(ImageOperation.Grayscale, probability);

    /// <summary>Rotates images by a random angle about their middle; their size stays.</summary>
    /// <param name="degrees">The angle is drawn from -degrees to degrees, counter-clockwise.</param>
    /// <param name="interpolation"><see cref="ImageInterpolation.Nearest"/> or <see cref="ImageInterpolation.Bilinear"/>.</param>
    /// <param name="fill">The color of what comes in from outside.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain normalizes already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomRotation(degrees, interpolation, fill=…)</c>.</remarks>
    public ImageTransform RandomRotation(
        double degrees, ImageInterpolation interpolation = ImageInterpolation.Nearest, RgbColor fill = default)
    {
        ThrowIfNoRange(degrees, 360, nameof(degrees));
        return With(new RandomRotationStep(-degrees, degrees, ImageOperation.ForWarps(interpolation), fill));
    }

    /// <summary>Does a few random operations at one strength.</summary>
    /// <param name="operations">How many, at least 1.</param>
    /// <param name="magnitude">The strength, 0 to <paramref name="magnitudeBins"/> - 1.</param>
    /// <param name="magnitudeBins">How many strengths there are, at least 2.</param>
    /// <param name="interpolation"><see cref="ImageInterpolation.Nearest"/> or <see cref="ImageInterpolation.Bilinear"/>, for rotations,
    /// shears and shifts.</param>
    /// <param name="fill">The color of what comes in from outside.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain normalizes already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandAugment(num_ops, magnitude, num_magnitude_bins, interpolation, fill)</c>: its
    /// operations and strengths, from other random numbers.</remarks>
    public ImageTransform RandAugment(
        int operations = 2,
        int magnitude = 9,
        int magnitudeBins = 31,
        ImageInterpolation interpolation = ImageInterpolation.Nearest,
        RgbColor fill = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(operations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(magnitudeBins, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(magnitude);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(magnitude, magnitudeBins);
        return With(new RandAugmentStep(operations, magnitude, magnitudeBins, ImageOperation.ForWarps(interpolation), fill));
    }

    /// <summary>Surrounds images with a color.</summary>
    /// <param name="left">How many pixels on the left.</param>
    /// <param name="top">How many above.</param>
    /// <param name="right">How many on the right.</param>
    /// <param name="bottom">How many below.</param>
    /// <param name="fill">The color.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain normalizes already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.Pad((left, top, right, bottom), fill)</c>.</remarks>
    public ImageTransform Pad(int left, int top, int right, int bottom, RgbColor fill = default)
    {
        foreach (var side in (ReadOnlySpan<int>)[left, top, right, bottom])
        {
            ArgumentOutOfRangeException.ThrowIfNegative(side);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(side, short.MaxValue);
        }

        var padded = With(new PadStep(left, top, right, bottom, fill));
        return new ImageTransform(padded, _steps)
        {
            OutputHeight = checked(OutputHeight + top + bottom),
            OutputWidth = checked(OutputWidth + left + right),
        };
    }

    /// <summary>Overwrites a random rectangle of the finished numbers, after the normalization.</summary>
    /// <param name="probability">The probability, from 0 to 1.</param>
    /// <param name="minimumScale">The minimum share of the image's area, above 0.</param>
    /// <param name="maximumScale">The maximum share of the image's area, up to 1.</param>
    /// <param name="minimumRatio">The minimum proportion of height to width, above 0.</param>
    /// <param name="maximumRatio">The maximum proportion of height to width.</param>
    /// <param name="value">What is written.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain erases already.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomErasing(p, scale, ratio, value)</c>.</remarks>
    public ImageTransform RandomErasing(
        double probability = 0.5,
        double minimumScale = 0.02,
        double maximumScale = 0.33,
        double minimumRatio = 0.3,
        double maximumRatio = 3.3,
        float value = 0)
    {
        ThrowIfNoProbability(probability);
        if (!(minimumScale > 0 && minimumScale <= maximumScale && maximumScale <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minimumScale), minimumScale, "Scales are above 0, up to 1, the minimum first.");
        }

        if (!(minimumRatio > 0 && minimumRatio <= maximumRatio && double.IsFinite(maximumRatio)))
        {
            throw new ArgumentOutOfRangeException(nameof(minimumRatio), minimumRatio, "Ratios are above 0, the minimum first.");
        }

        return Erasing is not null
            ? throw new InvalidOperationException("The chain erases already.")
            : new ImageTransform(this, _steps)
            {
                Erasing = new RandomErasing(probability, minimumScale, maximumScale, minimumRatio, maximumRatio, value),
            };
    }

    /// <summary>Gets the transform's geometric steps alone.</summary>
    internal ImageTransform GetGeometry()
    {
        if (PixelSteps.Any(static step => step.IsGeometric))
        {
            throw new ArgumentException(
                "Label maps follow crops, flips and resizing, not paddings, rotations or warps of their image. "
                + "Leave those out, or transform image and map together with a function.");
        }

        return new ImageTransform(ToTensor, _steps) { OutputHeight = OutputHeight, OutputWidth = OutputWidth };
    }

    private static void ThrowIfNoRange(double value, double greatest, string name)
    {
        if (!(value >= 0 && value <= greatest))
        {
            throw new ArgumentOutOfRangeException(name, value, $"The {name} is from 0 to {greatest}.");
        }
    }

    private ImageTransform With(PixelStep step) => Mean.IsEmpty
        ? new ImageTransform(this, _steps) { PixelSteps = PixelSteps.Add(step) }
        : throw new InvalidOperationException($"{step.Name} works on pixels, which comes before Normalize.");
}
