// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>How a JPEG file stores color.</summary>
internal enum JpegSubsampling
{
    /// <summary>4:4:4, color at full size.</summary>
    Chroma444 = 0,

    /// <summary>4:2:2, color at half the width.</summary>
    Chroma422 = 1,

    /// <summary>4:2:0, color at half the width and height; what cameras and Pillow store.</summary>
    Chroma420 = 2,

    /// <summary>No color.</summary>
    Gray = 3,
}
