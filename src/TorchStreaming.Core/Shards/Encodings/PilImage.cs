// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>An image as Pillow holds it in memory, with its own memory.</summary>
public sealed class PilImage
{
    /// <summary>Creates an image.</summary>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="mode">Pillow's name of the pixel format.</param>
    /// <param name="pixels">The pixels, laid out as <see cref="PilImageView.Pixels"/>.</param>
    /// <exception cref="ArgumentException">The number of bytes is not that of the mode and size.</exception>
    public PilImage(int width, int height, string mode, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentException.ThrowIfNullOrEmpty(mode);
        if (PilModes.GetByteCount(mode, width, height) is { } bytes && bytes != pixels.Length)
        {
            throw new ArgumentException(
                $"An image of {width} by {height} pixels of mode '{mode}' has {bytes} bytes, not {pixels.Length}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Mode = mode;
        Pixels = pixels;
    }

    /// <summary>Gets the width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets Pillow's name of the pixel format.</summary>
    public string Mode { get; }

    /// <summary>Gets the pixels, laid out as <see cref="PilImageView.Pixels"/>.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <inheritdoc/>
    public override string ToString() => $"PIL image of mode {Mode}, {Width}×{Height}";
}
