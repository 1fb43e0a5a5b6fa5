// SPDX-License-Identifier: MIT

namespace TorchStreaming.Transforms;

/// <summary>What an <see cref="ImageOperation"/> does.</summary>
internal enum ImageOperationKind : byte
{
    Identity,
    Brightness,
    Contrast,
    Saturation,
    Sharpness,
    Hue,
    Gamma,
    Grayscale,
    Posterize,
    Solarize,
    Invert,
    AutoContrast,
    Equalize,
    Rotate,
    Affine,
}
