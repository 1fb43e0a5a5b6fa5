// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>The format of an encoded image, told by its first bytes.</summary>
public enum ImageFormat : byte
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>GIF.</summary>
    Gif,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>TIFF.</summary>
    Tiff,

    /// <summary>Uncompressed pixels, as the <c>pil</c> encoding of MDS stores them; see <see cref="RawImage"/>.</summary>
    Raw,
}
