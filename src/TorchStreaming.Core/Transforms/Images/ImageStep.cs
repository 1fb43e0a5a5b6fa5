// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>One geometric step of an <see cref="ImageTransform"/>. Immutable.</summary>
internal abstract class ImageStep
{
    /// <summary>Gets whether the step resamples.</summary>
    public virtual bool Resamples => false;

    /// <summary>Says the step as it is called in the chain.</summary>
    public abstract override string ToString();

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

    public override string ToString() => $"{nameof(ImageTransform.Resize)}({size})";
}

internal sealed class ResizeStep(int height, int width) : ImageStep
{
    public override bool Resamples => true;

    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place) => geometry.Resize(width, height);

    public override string ToString() => $"{nameof(ImageTransform.Resize)}({height}, {width})";
}

internal sealed class CenterCropStep(int height, int width) : ImageStep
{
    public override void Apply(ref ImageGeometry geometry, in TransformContext context, long place) => geometry.CenterCrop(width, height);

    public override string ToString() => $"{nameof(ImageTransform.CenterCrop)}({height}, {width})";
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

    public override string ToString() => $"{nameof(ImageTransform.RandomResizedCrop)}({height})";
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{nameof(ImageTransform.RandomHorizontalFlip)}({probability})");
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

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{nameof(ImageTransform.RandomVerticalFlip)}({probability})");
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

    public override string ToString() => $"{nameof(ImageTransform.RandomCrop)}({height}{(padding == 0 ? "" : $", {padding}")})";
}
