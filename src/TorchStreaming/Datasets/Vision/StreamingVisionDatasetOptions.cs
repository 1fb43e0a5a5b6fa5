// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingVisionDataset"/>, <see cref="StreamingImageNet"/> or <see cref="StreamingCIFAR10"/> reads, and how its
/// samples become tensors.</summary>
public sealed record StreamingVisionDatasetOptions : ImageDatasetOptions
{
    /// <summary>Gets a function on image and class together, instead of <see cref="Transform"/> and <see cref="TargetTransform"/>. It gets the
    /// image as unsigned bytes of shape [3, height, width] and the class as a 64-bit integer without dimensions, and runs as
    /// <see cref="VisionTransform.FromFunction"/> says.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    /// <remarks>Mirrors <c>transforms</c>.</remarks>
    public Func<Tensor, Tensor, (Tensor X, Tensor Y)>? Transforms { get; init; }

    /// <summary>Gets the transform applied to the image: an <see cref="ImageTransform"/>, or one of <see cref="VisionTransform"/>'s
    /// kinds.</summary>
    /// <value>The default is <see langword="null"/>: floating-point numbers from 0 to 1.</value>
    /// <remarks>Mirrors <c>transform</c>.</remarks>
    public VisionTransform? Transform { get; init; }

    /// <summary>Gets the function applied to the class; called on the loader's threads. Use <see cref="Transforms"/> for targets that are not
    /// integers.</summary>
    /// <value>The default is <see langword="null"/>: the class as it is.</value>
    /// <remarks>Mirrors <c>target_transform</c>.</remarks>
    public Func<long, long>? TargetTransform { get; init; }
}
