// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingCOCO"/> reads, and how its samples become tensors.</summary>
public sealed record StreamingCOCOOptions : ImageDatasetOptions
{
    /// <summary>Gets the transform applied to image, size, boxes and labels together.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    /// <remarks>Mirrors <c>transform</c>.</remarks>
    public DetectionTransform? Transform { get; init; }

    /// <summary>Gets the transform applied to the image while it is decoded, before <see cref="Transform"/>: one that leaves boxes valid, since
    /// they are shares of the image.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    /// <remarks>Not among MosaicML Streaming's arguments.</remarks>
    public ImageTransform? ImageTransform { get; init; }
}
