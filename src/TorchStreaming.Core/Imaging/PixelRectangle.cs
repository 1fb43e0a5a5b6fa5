// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
internal readonly record struct PixelRectangle(int X, int Y, int Width, int Height)
{
    /// <summary>Gets the first column to the right of the rectangle.</summary>
    public int Right => X + Width;

    /// <summary>Gets the first row below the rectangle.</summary>
    public int Bottom => Y + Height;

    /// <summary>Gets whether the rectangle has no pixels.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Gets the part that two rectangles share.</summary>
    /// <param name="other">The other rectangle.</param>
    /// <returns>The part; empty when they share nothing.</returns>
    public PixelRectangle Intersect(PixelRectangle other)
    {
        var (left, top) = (Math.Max(X, other.X), Math.Max(Y, other.Y));
        var (right, bottom) = (Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));
        return new PixelRectangle(left, top, Math.Max(right - left, 0), Math.Max(bottom - top, 0));
    }
}
