// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>One step of an <see cref="ImageTransform"/> that works on the pixels themselves, after all geometry. Immutable.</summary>
internal abstract class PixelStep
{
    /// <summary>Gets what the step is called in the chain.</summary>
    public abstract string Name { get; }

    /// <summary>Gets whether the step may move pixels.</summary>
    public virtual bool IsGeometric => false;

    /// <summary>Gets the size that the step gives an image.</summary>
    public virtual (int Width, int Height) GetSize(int width, int height) => (width, height);

    /// <summary>Works on an image.</summary>
    /// <param name="canvas">The image.</param>
    /// <param name="random">The step's random numbers for this sample.</param>
    public abstract void Apply(PixelCanvas canvas, ref SampleRandom random);
}

internal sealed class OperationStep(ImageOperation operation, double probability) : PixelStep
{
    public override string Name => $"Apply({operation.Kind})";

    public override bool IsGeometric => operation.Kind is ImageOperationKind.Rotate or ImageOperationKind.Affine;

    public override void Apply(PixelCanvas canvas, ref SampleRandom random)
    {
        if (probability >= 1 || random.NextBoolean(probability))
        {
            operation.Run(canvas);
        }
    }
}

internal sealed class RandomRotationStep(double minimum, double maximum, ImageInterpolation interpolation, RgbColor fill) : PixelStep
{
    public override string Name => nameof(ImageTransform.RandomRotation);

    public override bool IsGeometric => true;

    public override void Apply(PixelCanvas canvas, ref SampleRandom random) =>
        ImageOperation.Rotate(random.NextDouble(minimum, maximum), interpolation, fill).Run(canvas);
}

internal sealed class PadStep(int left, int top, int right, int bottom, RgbColor fill) : PixelStep
{
    public override string Name => nameof(ImageTransform.Pad);

    public override bool IsGeometric => true;

    public override (int Width, int Height) GetSize(int width, int height) =>
        (checked(width + left + right), checked(height + top + bottom));

    public override void Apply(PixelCanvas canvas, ref SampleRandom random)
    {
        var (width, height) = GetSize(canvas.Width, canvas.Height);
        var result = canvas.GetBack(width, height);
        fill.Fill(result);
        var pixels = canvas.Pixels;
        var stride = canvas.Width * 3;
        for (var y = 0; y < canvas.Height; y++)
        {
            pixels.Slice(y * stride, stride).CopyTo(result[((((top + y) * width) + left) * 3)..]);
        }

        canvas.Turn(width, height);
    }
}
