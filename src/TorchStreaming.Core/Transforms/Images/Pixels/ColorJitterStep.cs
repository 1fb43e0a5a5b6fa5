// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>Changes brightness, contrast, saturation and hue by random factors, in random order.</summary>
internal sealed class ColorJitterStep(double brightness, double contrast, double saturation, double hue) : PixelStep
{
    public override string Name => nameof(ImageTransform.ColorJitter);

    private const int Kinds = 4;

    public override void Apply(PixelCanvas canvas, ref SampleRandom random)
    {
        Span<int> order = [0, 1, 2, 3];
        for (var i = Kinds - 1; i > 0; i--)
        {
            var other = random.NextInt32(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        Span<double> factors =
        [
            DrawFactor(brightness, ref random),
            DrawFactor(contrast, ref random),
            DrawFactor(saturation, ref random),
            random.NextDouble(-hue, hue),
        ];
        foreach (var kind in order)
        {
            GetOperation(kind, factors[kind]).Run(canvas);
        }
    }

    private static double DrawFactor(double range, ref SampleRandom random) => random.NextDouble(Math.Max(0, 1 - range), 1 + range);

    private ImageOperation GetOperation(int kind, double factor) => kind switch
    {
        0 => brightness == 0 ? default : ImageOperation.Brightness(factor),
        1 => contrast == 0 ? default : ImageOperation.Contrast(factor),
        2 => saturation == 0 ? default : ImageOperation.Saturation(factor),
        _ => hue == 0 ? default : ImageOperation.Hue(factor),
    };
}
