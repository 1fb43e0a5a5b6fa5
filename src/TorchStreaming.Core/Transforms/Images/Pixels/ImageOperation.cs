// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>One fixed thing to do to the pixels of an image, with Pillow's and torchvision's arithmetic. Immutable and
/// thread-safe.</summary>
/// <remarks>Use it with <see cref="ImageTransform.Apply"/>; random versions are steps of their own, such as
/// <see cref="ImageTransform.ColorJitter"/>. Mirrors <c>torchvision.transforms.functional</c> on Pillow images.</remarks>
public readonly partial record struct ImageOperation
{
    private ImageOperation(ImageOperationKind kind, double value = 0)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>Gets the operation that changes nothing.</summary>
    public static ImageOperation Identity => default;

    /// <summary>Gets the operation that makes images gray.</summary>
    /// <remarks>Mirrors <c>rgb_to_grayscale(num_output_channels=3)</c>.</remarks>
    public static ImageOperation Grayscale { get; } = new(ImageOperationKind.Grayscale);

    /// <summary>Gets the operation that stretches each channel to the whole range.</summary>
    /// <remarks>Mirrors <c>autocontrast</c>.</remarks>
    public static ImageOperation AutoContrast { get; } = new(ImageOperationKind.AutoContrast);

    /// <summary>Gets the operation that makes all values of each channel about equally frequent.</summary>
    /// <remarks>Mirrors <c>equalize</c>.</remarks>
    public static ImageOperation Equalize { get; } = new(ImageOperationKind.Equalize);

    /// <summary>Gets the operation that makes negatives.</summary>
    /// <remarks>Mirrors <c>invert</c>.</remarks>
    public static ImageOperation Invert { get; } = new(ImageOperationKind.Invert);

    internal ImageOperationKind Kind { get; }

    internal double Value { get; private init; }

    internal double SecondValue { get; private init; }

    internal AffineWarp Warp { get; private init; }

    internal bool IsAboutTheCorner { get; private init; }

    internal ImageInterpolation Interpolation { get; private init; }

    internal RgbColor FillColor { get; private init; }

    /// <summary>Makes images darker or brighter.</summary>
    /// <param name="factor">0 for black, 1 for the image itself, more for brighter; at least 0.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>adjust_brightness(brightness_factor)</c>.</remarks>
    public static ImageOperation Brightness(double factor) => new(ImageOperationKind.Brightness, NotNegative(factor));

    /// <summary>Changes the contrast.</summary>
    /// <param name="factor">0 for the mean gray, 1 for the image itself, more for more contrast; at least 0.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>adjust_contrast(contrast_factor)</c>.</remarks>
    public static ImageOperation Contrast(double factor) => new(ImageOperationKind.Contrast, NotNegative(factor));

    /// <summary>Changes the saturation.</summary>
    /// <param name="factor">0 for grays, 1 for the image itself, more for stronger colors; at least 0.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>adjust_saturation(saturation_factor)</c>.</remarks>
    public static ImageOperation Saturation(double factor) => new(ImageOperationKind.Saturation, NotNegative(factor));

    /// <summary>Changes the sharpness.</summary>
    /// <param name="factor">0 for a smoothed image, 1 for the image itself, more for sharper; at least 0.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>adjust_sharpness(sharpness_factor)</c>.</remarks>
    public static ImageOperation Sharpness(double factor) => new(ImageOperationKind.Sharpness, NotNegative(factor));

    /// <summary>Turns the hue.</summary>
    /// <param name="factor">From -0.5 to 0.5, which both turn it half around.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not from -0.5 to 0.5.</exception>
    /// <remarks>Mirrors <c>adjust_hue(hue_factor)</c>.</remarks>
    public static ImageOperation Hue(double factor) => factor is >= -0.5 and <= 0.5
        ? new(ImageOperationKind.Hue, factor)
        : throw new ArgumentOutOfRangeException(nameof(factor), factor, "A hue is turned by -0.5 to 0.5.");

    /// <summary>Applies a power law, <c>gain·value^gamma</c> on values from 0 to 1.</summary>
    /// <param name="gamma">The power, at least 0.</param>
    /// <param name="gain">The factor.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>adjust_gamma(gamma, gain)</c>.</remarks>
    public static ImageOperation Gamma(double gamma, double gain = 1) =>
        new(ImageOperationKind.Gamma, NotNegative(gamma)) { SecondValue = NotNegative(gain) };

    /// <summary>Keeps the upper bits of every value.</summary>
    /// <param name="bits">How many, 0 to 8.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of bits is not from 0 to 8.</exception>
    /// <remarks>Mirrors <c>posterize(bits)</c>.</remarks>
    public static ImageOperation Posterize(int bits) => bits is >= 0 and <= 8
        ? new(ImageOperationKind.Posterize, bits)
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "A value has 8 bits.");

    /// <summary>Inverts values from a threshold on.</summary>
    /// <param name="threshold">The minimum value that is inverted.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>solarize(threshold)</c>.</remarks>
    public static ImageOperation Solarize(double threshold) => new(ImageOperationKind.Solarize, threshold);

    /// <summary>Rotates images about their middle; their size stays.</summary>
    /// <param name="degrees">The angle, counter-clockwise.</param>
    /// <param name="interpolation"><see cref="ImageInterpolation.Nearest"/> or <see cref="ImageInterpolation.Bilinear"/>.</param>
    /// <param name="fill">The color of what comes in from outside.</param>
    /// <returns>The operation.</returns>
    /// <remarks>Mirrors <c>rotate(angle, interpolation, fill=…)</c>.</remarks>
    public static ImageOperation Rotate(
        double degrees, ImageInterpolation interpolation = ImageInterpolation.Nearest, RgbColor fill = default) =>
        new(ImageOperationKind.Rotate, Finite(degrees)) { Interpolation = ForWarps(interpolation), FillColor = fill };

    /// <summary>Rotates, shifts, enlarges and shears images about their middle; their size stays.</summary>
    /// <param name="degrees">The rotation, clockwise.</param>
    /// <param name="translateX">The shift to the right in pixels.</param>
    /// <param name="translateY">The shift down in pixels.</param>
    /// <param name="scale">The enlargement, above 0.</param>
    /// <param name="shearX">The shear along x in degrees.</param>
    /// <param name="shearY">The shear along y in degrees.</param>
    /// <param name="interpolation"><see cref="ImageInterpolation.Nearest"/> or <see cref="ImageInterpolation.Bilinear"/>.</param>
    /// <param name="fill">The color of what comes in from outside.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The enlargement is not above 0, or the interpolation another one.</exception>
    /// <remarks>Mirrors <c>affine(angle, translate, scale, shear, interpolation, fill)</c>.</remarks>
    public static ImageOperation Affine(
        double degrees = 0,
        double translateX = 0,
        double translateY = 0,
        double scale = 1,
        double shearX = 0,
        double shearY = 0,
        ImageInterpolation interpolation = ImageInterpolation.Nearest,
        RgbColor fill = default)
    {
        if (!(scale > 0) || !double.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "An enlargement is above 0.");
        }

        return new(ImageOperationKind.Affine)
        {
            Warp = new AffineWarp(
                Finite(degrees), Finite(translateX), Finite(translateY), scale, Finite(shearX), Finite(shearY)),
            Interpolation = ForWarps(interpolation),
            FillColor = fill,
        };
    }

    /// <summary>Shears about the upper left corner, as RandAugment does.</summary>
    internal static ImageOperation ShearAboutCorner(double x, double y, ImageInterpolation interpolation, RgbColor fill) =>
        Affine(shearX: x, shearY: y, interpolation: interpolation, fill: fill) with { IsAboutTheCorner = true };

    internal static ImageInterpolation ForWarps(ImageInterpolation interpolation) =>
        interpolation is ImageInterpolation.Nearest or ImageInterpolation.Bilinear
            ? interpolation
            : throw new ArgumentException(
                $"Images are warped with {nameof(ImageInterpolation.Nearest)} or {nameof(ImageInterpolation.Bilinear)}, not {interpolation}.",
                nameof(interpolation));

    private static double NotNegative(double factor) => factor >= 0 && double.IsFinite(factor)
        ? factor
        : throw new ArgumentOutOfRangeException(nameof(factor), factor, "A factor is a finite number of at least 0.");

    private static double Finite(double value) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "Angles, shifts and shears are finite numbers.");
}
