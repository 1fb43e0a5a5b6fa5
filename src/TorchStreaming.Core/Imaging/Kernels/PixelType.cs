// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>The type of an output's numbers.</summary>
internal enum PixelType : byte
{
    UInt8,
    Float16,
    BFloat16,
    Float32,
}
