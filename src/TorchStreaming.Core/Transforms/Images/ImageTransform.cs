// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using TorchStreaming.Diagnostics;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>How an image becomes numbers: a chain of geometric steps, a normalization, an element type and a layout, carried out in one
/// fused pass straight into the batch. Immutable and thread-safe; every step returns a new transform.</summary>
/// <remarks>
/// <para>Without a normalization, numbers are the pixel values divided by 255, as <c>torchvision.transforms.ToTensor</c> gives them, or the
/// pixel values themselves for <see cref="ElementType.UInt8"/>. The layout is channel, row, column unless <see cref="ChannelsLast"/> is
/// called. Images always have three channels, R, G, B.</para>
/// <para>Geometric steps come first and fold into one resampling, Pillow's antialiased bilinear filter unless
/// <see cref="ResampleWith"/> is called, bit for bit. Steps that change colors or warp come after them, then the normalization. Steps and their rounding follow torchvision. Random steps draw
/// from <see cref="SampleRandom"/>, so what a sample becomes depends on seed, epoch and sample alone.</para>
/// </remarks>
/// <example><code>
/// var train = ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std);
/// var validation = ImageTransform.Resize(256).CenterCrop(224).Normalize(ImageNet.Mean, ImageNet.Std).ToDtype(ElementType.Float16);
/// </code></example>
public sealed partial class ImageTransform
{
    private const int Channels = 3;

    private readonly ImmutableArray<ImageStep> _steps = [];

    private ImageTransform()
    {
    }

    private ImageTransform(ImageTransform other, ImmutableArray<ImageStep> steps)
    {
        _steps = steps;
        Type = other.Type;
        IsChannelsLast = other.IsChannelsLast;
        IsExact = other.IsExact;
        Mean = other.Mean;
        Std = other.Std;
        OutputHeight = other.OutputHeight;
        OutputWidth = other.OutputWidth;
        Interpolation = other.Interpolation;
        PixelSteps = other.PixelSteps;
        Erasing = other.Erasing;
    }

    /// <summary>Gets the transform without geometric steps: every image keeps its size.</summary>
    public static ImageTransform ToTensor { get; } = new();

    /// <summary>Gets the height of every output in pixels; <see langword="null"/> when it depends on the image.</summary>
    public int? OutputHeight { get; private init; }

    /// <summary>Gets the width of every output in pixels; <see langword="null"/> when it depends on the image.</summary>
    public int? OutputWidth { get; private init; }

    /// <summary>Gets the type of the numbers.</summary>
    /// <value>The default is <see cref="ElementType.Float32"/>.</value>
    public ElementType Type { get; private init; } = ElementType.Float32;

    /// <summary>Gets whether the layout is row, column, channel.</summary>
    public bool IsChannelsLast { get; private init; }

    /// <summary>Gets whether images are always decoded at full size; see <see cref="Exact"/>.</summary>
    public bool IsExact { get; private init; }

    /// <summary>Gets the filter of the resampling.</summary>
    /// <value>The default is <see cref="ImageInterpolation.Bilinear"/>.</value>
    public ImageInterpolation Interpolation { get; private init; }

    /// <summary>Gets the mean of each channel that is subtracted; empty without a normalization.</summary>
    public ImmutableArray<float> Mean { get; private init; } = [];

    /// <summary>Gets what each channel is divided by; empty without a normalization.</summary>
    public ImmutableArray<float> Std { get; private init; } = [];

    /// <summary>Gets the shape of an output; -1 stands for a size that depends on the image.</summary>
    public ImmutableArray<long> Shape
    {
        get
        {
            var (height, width) = (OutputHeight ?? -1L, OutputWidth ?? -1L);
            return IsChannelsLast ? [height, width, Channels] : [Channels, height, width];
        }
    }

    internal ImmutableArray<ImageStep> Steps => _steps;

    /// <summary>Resamples the image so that its shorter side has a length; the longer side is rounded down.</summary>
    /// <param name="size">The length in pixels, at least 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain resamples already, or is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.Resize(size)</c>.</remarks>
    public ImageTransform Resize(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return WithResampling(new ResizeShorterSideStep(size), null, null);
    }

    /// <summary>Resamples the image to a size, whatever its proportions.</summary>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain resamples already, or is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.Resize((height, width))</c>.</remarks>
    public ImageTransform Resize(int height, int width)
    {
        ThrowIfNoSize(height, width);
        return WithResampling(new ResizeStep(height, width), height, width);
    }

    /// <summary>Takes the middle of the image; an image that is too small is padded with black.</summary>
    /// <param name="size">The height and width in pixels, at least 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.CenterCrop(size)</c>.</remarks>
    public ImageTransform CenterCrop(int size) => CenterCrop(size, size);

    /// <summary>Takes the middle of the image; an image that is too small is padded with black.</summary>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.CenterCrop((height, width))</c>.</remarks>
    public ImageTransform CenterCrop(int height, int width)
    {
        ThrowIfNoSize(height, width);
        return With(new CenterCropStep(height, width), height, width);
    }

    /// <summary>Takes a random part of the image, random in area, proportions and place, and resamples it to a size.</summary>
    /// <param name="size">The height and width of the output in pixels, at least 1.</param>
    /// <param name="minimumScale">The minimum share of the image's area, above 0.</param>
    /// <param name="maximumScale">The maximum share of the image's area.</param>
    /// <param name="minimumRatio">The minimum proportion of width to height, above 0.</param>
    /// <param name="maximumRatio">The maximum proportion of width to height.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain resamples already, or is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomResizedCrop(size, scale=…, ratio=…)</c>: the same distribution, from other random
    /// numbers.</remarks>
    public ImageTransform RandomResizedCrop(
        int size, double minimumScale = 0.08, double maximumScale = 1, double minimumRatio = 3.0 / 4, double maximumRatio = 4.0 / 3)
    {
        ThrowIfNoSize(size, size);
        var distribution = new RandomCropDistribution(minimumScale, maximumScale, minimumRatio, maximumRatio);
        return WithResampling(new RandomResizedCropStep(size, size, distribution), size, size);
    }

    /// <summary>Mirrors the image left to right with a probability.</summary>
    /// <param name="probability">The probability, from 0 to 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomHorizontalFlip(p)</c>.</remarks>
    public ImageTransform RandomHorizontalFlip(double probability = 0.5)
    {
        ThrowIfNoProbability(probability);
        return With(new RandomHorizontalFlipStep(probability), OutputHeight, OutputWidth);
    }

    /// <summary>Turns the image upside down with a probability.</summary>
    /// <param name="probability">The probability, from 0 to 1.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomVerticalFlip(p)</c>.</remarks>
    public ImageTransform RandomVerticalFlip(double probability = 0.5)
    {
        ThrowIfNoProbability(probability);
        return With(new RandomVerticalFlipStep(probability), OutputHeight, OutputWidth);
    }

    /// <summary>Takes a part of a size at a random place.</summary>
    /// <param name="size">The height and width in pixels, at least 1.</param>
    /// <param name="padding">How many black pixels surround the image first. An image that is too small even so is padded further on the
    /// right and below.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="InvalidOperationException">The chain is past its geometric steps.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.RandomCrop(size, padding=…)</c>, from other random numbers.</remarks>
    public ImageTransform RandomCrop(int size, int padding = 0)
    {
        ThrowIfNoSize(size, size);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        return With(new RandomCropStep(size, size, padding), size, size);
    }

    /// <summary>Sets the filter of the chain's resampling.</summary>
    /// <param name="interpolation">The filter.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such filter.</exception>
    /// <remarks>Mirrors the argument <c>interpolation</c> of torchvision's resizing transforms.</remarks>
    public ImageTransform ResampleWith(ImageInterpolation interpolation) => Enum.IsDefined(interpolation)
        ? new ImageTransform(this, _steps) { Interpolation = interpolation }
        : throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "There is no such filter.");

    /// <summary>Subtracts a mean from each channel, scaled to 0…1, and divides it by a standard deviation. The last step before type and
    /// layout.</summary>
    /// <param name="mean">Three means, or one for all channels.</param>
    /// <param name="std">Three standard deviations, or one for all channels; none is 0.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="ArgumentException">There are neither 1 nor 3 numbers, or one is not finite, or a standard deviation is 0.</exception>
    /// <exception cref="InvalidOperationException">The chain normalizes already, or its type is
    /// <see cref="ElementType.UInt8"/>.</exception>
    /// <remarks>Mirrors <c>torchvision.transforms.Normalize(mean, std)</c>, in the same single-precision arithmetic.</remarks>
    public ImageTransform Normalize(ReadOnlySpan<float> mean, ReadOnlySpan<float> std)
    {
        if (!Mean.IsEmpty)
        {
            throw new InvalidOperationException("The chain normalizes already.");
        }

        ThrowIfIntegral(Type, normalizes: true);
        return new ImageTransform(this, _steps)
        {
            Mean = ExpandChannels(mean, nameof(mean), zeroAllowed: true),
            Std = ExpandChannels(std, nameof(std), zeroAllowed: false),
        };
    }

    /// <summary>Sets the type of the numbers.</summary>
    /// <param name="type"><see cref="ElementType.Float32"/>, <see cref="ElementType.Float16"/> or <see cref="ElementType.BFloat16"/>,
    /// rounded to nearest even, or <see cref="ElementType.UInt8"/> for the pixel values themselves.</param>
    /// <returns>The new transform.</returns>
    /// <exception cref="ArgumentException">The type is another one.</exception>
    /// <exception cref="InvalidOperationException">The type is <see cref="ElementType.UInt8"/> and the chain normalizes.</exception>
    public ImageTransform ToDtype(ElementType type)
    {
        if (type is not (ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.UInt8))
        {
            throw new ArgumentException($"Images become Float32, Float16, BFloat16 or UInt8, not {type}.", nameof(type));
        }

        ThrowIfIntegral(type, normalizes: !Mean.IsEmpty);
        return new ImageTransform(this, _steps) { Type = type };
    }

    /// <summary>Sets the layout to row, column, channel.</summary>
    /// <returns>The new transform.</returns>
    public ImageTransform ChannelsLast() => new(this, _steps) { IsChannelsLast = true };

    /// <summary>Always decodes images at full size.</summary>
    /// <returns>The new transform.</returns>
    /// <remarks>Otherwise a JPEG image that is going to shrink to half its size or less is decoded at 1/2, 1/4 or 1/8 of its size,
    /// whichever is the least that is not below the output, which is up to twice as fast. The result is the same with every decoder, but
    /// not torchvision's: it never does this, and differs by a few units in 255.</remarks>
    public ImageTransform Exact() => new(this, _steps) { IsExact = true };

    /// <summary>Says what the chain does and makes, for example <c>Resize(256).CenterCrop(224, 224).Normalize to Float32
    /// 3×224×224</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        List<string> steps = [.. _steps.Select(static step => step.ToString()), .. PixelSteps.Select(static step => step.Name)];
        if (!Mean.IsEmpty)
        {
            steps.Add(nameof(Normalize));
        }

        if (Erasing is not null)
        {
            steps.Add(nameof(RandomErasing));
        }

        return $"{(steps.Count > 0 ? string.Join('.', steps) : nameof(ToTensor))} to {Type} {ShapeText.Of(Shape.AsSpan())}";
    }

    private static void ThrowIfNoProbability(double probability)
    {
        if (!(probability >= 0 && probability <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is from 0 to 1.");
        }
    }

    private static void ThrowIfNoSize(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
    }

    private static void ThrowIfIntegral(ElementType type, bool normalizes)
    {
        if (normalizes && type == ElementType.UInt8)
        {
            throw new InvalidOperationException(
                "Normalized numbers do not fit UInt8. Leave out Normalize, or choose a floating-point type.");
        }
    }

    private static ImmutableArray<float> ExpandChannels(ReadOnlySpan<float> values, string name, bool zeroAllowed)
    {
        if (values.Length is not (1 or Channels))
        {
            throw new ArgumentException($"One number, or one for each of {Channels} channels, is needed; there are {values.Length}.", name);
        }

        foreach (var value in values)
        {
            if (!float.IsFinite(value) || (value == 0 && !zeroAllowed))
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The {name} of a channel must be a finite number{(zeroAllowed ? "" : " other than 0")}, not {value}."),
                    name);
            }
        }

        return values.Length == Channels ? [.. values] : [values[0], values[0], values[0]];
    }

    private ImageTransform WithResampling(ImageStep step, int? height, int? width, [CallerMemberName] string name = "")
    {
        if (_steps.Any(existing => existing.Resamples))
        {
            throw new InvalidOperationException($"{name} resamples, and the chain does so already; an image is resampled once.");
        }

        return With(step, height, width, name);
    }

    private ImageTransform With(ImageStep step, int? height, int? width, [CallerMemberName] string name = "")
    {
        if (!Mean.IsEmpty || !PixelSteps.IsEmpty)
        {
            throw new InvalidOperationException(
                $"{name} cannot follow {(Mean.IsEmpty ? PixelSteps[^1].Name : nameof(Normalize))}. Crops, flips and Resize come first, then steps that change colors or warp, then Normalize. Order the chain so.");
        }

        return new ImageTransform(this, _steps.Add(step)) { OutputHeight = height, OutputWidth = width };
    }
}
