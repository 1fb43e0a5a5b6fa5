// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>One geometric step of an <see cref="ImageTransform"/>. Immutable.</summary>
internal abstract class ImageStep
{
    /// <summary>Gets whether the step resamples.</summary>
    public virtual bool Resamples => false;

    /// <summary>Folds the step into the geometry of an image.</summary>
    /// <param name="geometry">The geometry so far.</param>
    /// <param name="context">The sample's identity.</param>
    /// <param name="place">The step's place, for its random numbers.</param>
    public abstract void Apply(ref ImageGeometry geometry, in TransformContext context, long place);
}

internal sealed class ResizeShorterSideStep(int size) : ImageStep
{
    public override bool Resamples => true;

    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place) => geometry.ResizeShorterSide(size);
}

internal sealed class ResizeStep(int height, int width) : ImageStep
{
    public override bool Resamples => true;

    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place) => geometry.Resize(width, height);
}

internal sealed class CenterCropStep(int height, int width) : ImageStep
{
    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place) => geometry.CenterCrop(width, height);
}

internal sealed class RandomResizedCropStep(int height, int width, RandomCropDistribution distribution) : ImageStep
{
    public override bool Resamples => true;

    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place)
    {
        var random = new SampleRandom(context, place);
        geometry.Crop(distribution.Draw(ref random, geometry.Width, geometry.Height));
        geometry.Resize(width, height);
    }
}

internal sealed class RandomHorizontalFlipStep(double probability) : ImageStep
{
    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place)
    {
        var random = new SampleRandom(context, place);
        if (random.NextBoolean(probability))
        {
            geometry.FlipHorizontally();
        }
    }
}

internal sealed class RandomVerticalFlipStep(double probability) : ImageStep
{
    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place)
    {
        var random = new SampleRandom(context, place);
        if (random.NextBoolean(probability))
        {
            geometry.FlipVertically();
        }
    }
}

internal sealed class RandomCropStep(int height, int width, int padding) : ImageStep
{
    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place)
    {
        var random = new SampleRandom(context, place);
        var top = random.NextInt32(Math.Max(geometry.Height + (2 * padding) - height, 0) + 1) - padding;
        var left = random.NextInt32(Math.Max(geometry.Width + (2 * padding) - width, 0) + 1) - padding;
        geometry.Crop(new PixelRectangle(left, top, width, height));
    }
}
