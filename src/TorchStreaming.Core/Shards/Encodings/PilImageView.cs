// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>An image as Pillow holds it in memory. Nothing is copied; the view lives as long as its memory.</summary>
public readonly ref struct PilImageView
{
    private readonly ReadOnlySpan<byte> _mode;

    internal PilImageView(long width, long height, ReadOnlySpan<byte> mode, ReadOnlySpan<byte> pixels)
    {
        Width = width;
        Height = height;
        _mode = mode;
        Pixels = pixels;
    }

    /// <summary>Gets the width in pixels.</summary>
    public long Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public long Height { get; }

    /// <summary>Gets Pillow's name of the pixel format, for example <c>RGB</c>, <c>L</c> or <c>1</c>.</summary>
    public string Mode => Encoding.UTF8.GetString(_mode);

    /// <summary>Gets the pixels: row by row, channels together, rows not padded; mode <c>1</c> has one bit per pixel, the highest first,
    /// and every row starts at a byte. A palette (mode <c>P</c>) is not stored.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>Copies the image.</summary>
    /// <returns>The copy.</returns>
    public PilImage ToImage() => new(checked((int)Width), checked((int)Height), Mode, Pixels.ToArray());

    /// <inheritdoc/>
    public override string ToString() => $"PIL image of mode {Mode}, {Width}×{Height}";
}
