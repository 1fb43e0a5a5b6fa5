// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The transform applied to the image of a sample: either an <see cref="ImageTransform"/>, which the engine carries out while it decodes,
/// or a function on a tensor. Immutable; thread-safe as far as the function is.</summary>
public sealed partial class VisionTransform
{
    private VisionTransform(ImageTransform image) => Image = image;

    private VisionTransform(Func<Tensor, Tensor> function) => Function = function;

    internal ImageTransform? Image { get; }

    internal Func<Tensor, Tensor>? Function { get; }

    /// <summary>Converts an image transform.</summary>
    /// <param name="transform">The transform.</param>
    public static implicit operator VisionTransform(ImageTransform transform) => FromImageTransform(transform);

    /// <summary>Uses an image transform: the fast way, decoded, resampled and normalized in one pass into the batch, with random numbers
    /// that depend on seed, epoch and sample alone.</summary>
    /// <param name="transform">The transform.</param>
    /// <returns>The vision transform.</returns>
    public static VisionTransform FromImageTransform(ImageTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new VisionTransform(transform);
    }

    /// <summary>Uses a function on tensors.</summary>
    /// <param name="function">Gets the decoded image, unsigned bytes of shape [3, height, width], and returns what is delivered for it.
    /// It runs on the loader's threads, several at a time, without gradients. It must not dispose its input; what it makes on the way is
    /// disposed for it.</param>
    /// <returns>The vision transform.</returns>
    public static VisionTransform FromFunction(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new VisionTransform(function);
    }

    /// <inheritdoc/>
    public override string ToString() => Image is { } image ? $"{image}" : "a function of a tensor";
}
