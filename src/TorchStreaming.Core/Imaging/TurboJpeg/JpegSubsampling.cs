// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>How a JPEG file stores colour.</summary>
public enum JpegSubsampling
{
    /// <summary>4:4:4, colour at full size.</summary>
    Chroma444 = 0,

    /// <summary>4:2:2, colour at half the width.</summary>
    Chroma422 = 1,

    /// <summary>4:2:0, colour at half the width and height; what cameras and Pillow store.</summary>
    Chroma420 = 2,

    /// <summary>No colour.</summary>
    Gray = 3,
}
