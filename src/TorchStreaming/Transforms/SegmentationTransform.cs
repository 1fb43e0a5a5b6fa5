// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>What is done to an image and its label map together. Immutable; thread-safe as far as the function is.</summary>
public sealed class SegmentationTransform
{
    private SegmentationTransform(ImageTransform? image, Func<Tensor, Tensor, (Tensor X, Tensor Y)>? function)
    {
        Image = image;
        Function = function;
    }

    internal ImageTransform? Image { get; }

    internal Func<Tensor, Tensor, (Tensor X, Tensor Y)>? Function { get; }

    /// <summary>Converts an image transform; see <see cref="FromImageTransform"/>.</summary>
    /// <param name="transform">The transform.</param>
    public static implicit operator SegmentationTransform(ImageTransform transform) => FromImageTransform(transform);

    /// <summary>Uses an image transform: the fast way. The image goes through all of it; the map goes through the same crops, flips and
    /// resizing with the same random numbers, without mixing labels (see <see cref="LabelMapColumn"/>).</summary>
    /// <param name="transform">The transform.</param>
    /// <returns>The segmentation transform.</returns>
    public static SegmentationTransform FromImageTransform(ImageTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new SegmentationTransform(transform, null);
    }

    /// <summary>Uses a function on tensors.</summary>
    /// <param name="function">Gets image and map, bytes of shape [3, height, width] and [height, width], and returns what is delivered for
    /// them. It runs on the loader's threads, several at a time, without gradients. It must not dispose its input; what it makes on the
    /// way is disposed for it.</param>
    /// <returns>The segmentation transform.</returns>
    public static SegmentationTransform FromFunction(Func<Tensor, Tensor, (Tensor X, Tensor Y)> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new SegmentationTransform(null, function);
    }

    /// <inheritdoc/>
    public override string ToString() => Image is { } image ? $"{image}" : "a function of an image and a map";
}
