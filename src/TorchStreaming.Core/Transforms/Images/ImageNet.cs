// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The channel statistics with which models trained on ImageNet expect their images normalized.</summary>
public static class ImageNet
{
    /// <summary>Gets the mean of R, G and B over pixels scaled to 0…1.</summary>
    public static ReadOnlySpan<float> Mean => [0.485f, 0.456f, 0.406f];

    /// <summary>Gets the standard deviation of R, G and B over pixels scaled to 0…1.</summary>
    public static ReadOnlySpan<float> Std => [0.229f, 0.224f, 0.225f];
}
