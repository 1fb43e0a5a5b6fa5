// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The top edge.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
public readonly record struct PixelRectangle(int X, int Y, int Width, int Height);
