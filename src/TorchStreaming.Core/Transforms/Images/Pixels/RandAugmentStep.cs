// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>Does a number of operations, drawn from fourteen, each at one strength (Cubuk et al., "RandAugment", 2019), with torchvision's
/// table of strengths.</summary>
internal sealed class RandAugmentStep(int operations, int magnitude, int bins, ImageInterpolation interpolation, RgbColor fill) : PixelStep
{
    public override string Name => nameof(ImageTransform.RandAugment);

    private const int Choices = 14;

    public override bool IsGeometric => true;

    public override void Apply(PixelCanvas canvas, ref SampleRandom random)
    {
        for (var i = 0; i < operations; i++)
        {
            var choice = random.NextInt32(Choices);
            var isNegative = choice is >= 1 and <= 9 && random.NextBoolean();
            GetOperation(choice, isNegative ? -1 : 1, canvas.Width, canvas.Height).Run(canvas);
        }
    }

    /// <summary>Gets an operation at the step's strength.</summary>
    /// <param name="choice">Which of the fourteen.</param>
    /// <param name="sign">1 or -1, for operations that have two directions.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    internal ImageOperation GetOperation(int choice, int sign, int width, int height)
    {
        var share = (double)magnitude / (bins - 1);
        return choice switch
        {
            0 => ImageOperation.Identity,
            1 => ImageOperation.ShearAboutCorner(ToShear(sign * share * 0.3), 0, interpolation, fill),
            2 => ImageOperation.ShearAboutCorner(0, ToShear(sign * share * 0.3), interpolation, fill),
            3 => Translate((int)(sign * share * 150.0 / 331.0 * width), 0),
            4 => Translate(0, (int)(sign * share * 150.0 / 331.0 * height)),
            5 => ImageOperation.Rotate(sign * share * 30, interpolation, fill),
            6 => ImageOperation.Brightness(1 + (sign * share * 0.9)),
            7 => ImageOperation.Saturation(1 + (sign * share * 0.9)),
            8 => ImageOperation.Contrast(1 + (sign * share * 0.9)),
            9 => ImageOperation.Sharpness(1 + (sign * share * 0.9)),
            10 => ImageOperation.Posterize(8 - (int)Math.Round(share * 4, MidpointRounding.ToEven)),
            11 => ImageOperation.Solarize(255 * (1 - share)),
            12 => ImageOperation.AutoContrast,
            _ => ImageOperation.Equalize,
        };
    }

    private static double ToShear(double slope) => Math.Atan(slope) * 180 / Math.PI;

    private ImageOperation Translate(int x, int y) =>
        ImageOperation.Affine(translateX: x, translateY: y, interpolation: interpolation, fill: fill);
}
