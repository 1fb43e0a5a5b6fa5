// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Decoded rows of pixels and where they lie in the image at some scale.</summary>
internal readonly ref struct DecodedPixels
{
    private readonly ReadOnlySpan<byte> _bytes;

    public DecodedPixels(ReadOnlySpan<byte> bytes, PixelRectangle held, ImageScale scale, int bytesPerPixel)
    {
        _bytes = bytes;
        Held = held;
        Scale = scale;
        BytesPerPixel = bytesPerPixel;
    }

    /// <summary>Gets the rectangle that is held, in pixels of the image at <see cref="Scale"/>.</summary>
    public PixelRectangle Held { get; }

    public ImageScale Scale { get; }

    public int BytesPerPixel { get; }

    /// <summary>Gets the held part of a row of the image at <see cref="Scale"/>.</summary>
    public ReadOnlySpan<byte> GetRow(int y)
    {
        var stride = Held.Width * BytesPerPixel;
        return _bytes.Slice((y - Held.Y) * stride, stride);
    }
}
