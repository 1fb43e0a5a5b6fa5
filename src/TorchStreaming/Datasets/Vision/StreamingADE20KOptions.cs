// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingADE20K"/> reads, and how its samples become tensors.</summary>
public sealed record StreamingADE20KOptions : ImageDatasetOptions
{
    /// <summary>Gets the transform applied to image and map together, before the next two; see <see cref="SegmentationTransform"/>.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    /// <remarks>Mirrors <c>joint_transform</c>.</remarks>
    public SegmentationTransform? JointTransform { get; init; }

    /// <summary>Gets the transform applied to the image.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    /// <remarks>Mirrors <c>transform</c>.</remarks>
    public VisionTransform? Transform { get; init; }

    /// <summary>Gets the function applied to the map; it gets bytes of shape [height, width].</summary>
    /// <value>The default is <see langword="null"/>.</value>
    /// <remarks>Mirrors <c>target_transform</c>.</remarks>
    public Func<Tensor, Tensor>? TargetTransform { get; init; }
}
