// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>How pixels between pixels are made; the filters of Pillow, antialiased when an image shrinks, except
/// <see cref="Nearest"/>.</summary>
/// <remarks>Mirrors <c>torchvision.transforms.InterpolationMode</c>.</remarks>
public enum ImageInterpolation : byte
{
    /// <summary>The triangle filter.</summary>
    Bilinear,

    /// <summary>The pixel that is nearest; values of the input only.</summary>
    Nearest,

    /// <summary>The mean of the pixels that an output pixel covers.</summary>
    Box,

    /// <summary>The cubic filter with a = -0.5.</summary>
    Bicubic,

    /// <summary>The Lanczos filter with three lobes.</summary>
    Lanczos,
}
