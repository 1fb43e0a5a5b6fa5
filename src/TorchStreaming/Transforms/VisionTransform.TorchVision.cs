// SPDX-License-Identifier: MIT

using TorchSharp;
using TorchStreaming.Transforms;

namespace TorchStreaming;

public sealed partial class VisionTransform
{
    /// <summary>Uses a transform of TorchVision.</summary>
    /// <param name="transform">The transform. It gets the decoded image as unsigned bytes of shape [1, 3, height, width], which also
    /// suits those that need a batch dimension, such as <c>Normalize</c>; that dimension is taken off its result.
    /// <c>ConvertImageDtype</c> makes floating-point numbers of the bytes.</param>
    /// <returns>The vision transform.</returns>
    /// <remarks>Several threads call it at a time. TorchVision's random transforms draw from generators of their own, so what a sample
    /// becomes then differs from run to run, and after a resumption; <see cref="ImageTransform"/>'s do not.</remarks>
    public static VisionTransform FromTorchVision(torchvision.ITransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new VisionTransform(image => transform.call(image.unsqueeze(0)).squeeze(0));
    }
}
