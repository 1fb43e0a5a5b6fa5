// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>What a decoder is going to deliver: which rectangle of the image, at which scale, in which pixel layout.</summary>
/// <param name="Info">The image.</param>
/// <param name="Scale">The scale of the delivered pixels.</param>
/// <param name="Rectangle">The delivered rectangle, in pixels of the image at <paramref name="Scale"/>; it covers the region that was asked
/// for.</param>
/// <param name="BytesPerPixel">3 for R, G, B, or 4 for R, G, B and a byte that carries no meaning here.</param>
internal readonly record struct ImageDecodePlan(ImageInfo Info, ImageScale Scale, PixelRectangle Rectangle, int BytesPerPixel)
{
    /// <summary>Gets the bytes from one row to the next; rows are not padded.</summary>
    public int Stride => checked(Rectangle.Width * BytesPerPixel);

    /// <summary>Gets the bytes that the destination must have.</summary>
    public long Size => checked((long)Rectangle.Width * Rectangle.Height * BytesPerPixel);
}
