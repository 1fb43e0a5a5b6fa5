// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Decoded rows of pixels and where they are in the image at some scale.</summary>
internal readonly ref struct DecodedPixels
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Describes pixels.</summary>
    /// <param name="bytes">The rows, and perhaps some bytes after them that may be read but mean nothing.</param>
    /// <param name="held">The rectangle that is held.</param>
    /// <param name="scale">The scale of the image.</param>
    /// <param name="bytesPerPixel">3 or 4.</param>
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

    /// <summary>Gets the bytes from one row to the next.</summary>
    public int Stride => Held.Width * BytesPerPixel;

    /// <summary>Gets the memory from the held part of a row of the image at <see cref="Scale"/> on, and what is after the last
    /// row.</summary>
    public ReadOnlySpan<byte> GetRows(int y) => _bytes[((y - Held.Y) * Stride)..];
}
