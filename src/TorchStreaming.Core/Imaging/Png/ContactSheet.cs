// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>Lays images of one size out on a sheet, left to right and top to bottom, with a margin around each.</summary>
public sealed class ContactSheet
{
    private const int Margin = 2;
    private const byte Background = 32;

    private readonly int _tileWidth;
    private readonly int _tileHeight;
    private readonly int _columns;
    private readonly int _rows;
    private readonly byte[] _pixels;

    /// <summary>Creates an empty sheet.</summary>
    /// <param name="count">How many images it has room for, at least 1.</param>
    /// <param name="tileWidth">The width of every image in pixels.</param>
    /// <param name="tileHeight">The height of every image in pixels.</param>
    /// <param name="columns">How many images are side by side; 0 for about as many as are one below the other.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its minimum.</exception>
    public ContactSheet(int count, int tileWidth, int tileHeight, int columns = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tileWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tileHeight, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        _columns = columns > 0 ? Math.Min(columns, count) : (int)Math.Ceiling(Math.Sqrt(count));
        _rows = (count + _columns - 1) / _columns;
        _tileWidth = tileWidth;
        _tileHeight = tileHeight;
        Count = count;
        Width = checked((_columns * (tileWidth + Margin)) + Margin);
        Height = checked((_rows * (tileHeight + Margin)) + Margin);
        _pixels = new byte[checked(Width * Height * 3)];
        _pixels.AsSpan().Fill(Background);
    }

    /// <summary>Gets how many images the sheet has room for.</summary>
    public int Count { get; }

    /// <summary>Gets the sheet's width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the sheet's height in pixels.</summary>
    public int Height { get; }

    /// <summary>Places an image given as interleaved bytes.</summary>
    /// <param name="index">The place, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="rgb">R, G, B row by row without padding.</param>
    /// <exception cref="ArgumentException">There is no such place, or the image is not of the size of a tile.</exception>
    public void Place(int index, ReadOnlySpan<byte> rgb)
    {
        ThrowIfUnfit(index, rgb.Length);
        for (var y = 0; y < _tileHeight; y++)
        {
            rgb.Slice(y * _tileWidth * 3, _tileWidth * 3).CopyTo(GetRow(index, y));
        }
    }

    /// <summary>Places an image given as planes of normalized numbers, undoing the normalization.</summary>
    /// <param name="index">The place, from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="planes">All of R, then G, then B.</param>
    /// <param name="mean">What was subtracted from each channel; empty for nothing.</param>
    /// <param name="std">What each channel was divided by; empty for 1.</param>
    /// <exception cref="ArgumentException">There is no such place, or the image is not of the size of a tile.</exception>
    public void PlacePlanes(
        int index, ReadOnlySpan<float> planes, ReadOnlySpan<float> mean = default, ReadOnlySpan<float> std = default)
    {
        ThrowIfUnfit(index, planes.Length);
        var area = _tileWidth * _tileHeight;
        for (var y = 0; y < _tileHeight; y++)
        {
            var row = GetRow(index, y);
            for (var i = 0; i < row.Length; i++)
            {
                var (x, channel) = (i / 3, i % 3);
                var value = planes[(channel * area) + (y * _tileWidth) + x];
                value = (value * (std.IsEmpty ? 1 : std[channel])) + (mean.IsEmpty ? 0 : mean[channel]);
                row[i] = (byte)Math.Clamp(MathF.Round(value * 255), 0, 255);
            }
        }
    }

    /// <summary>Writes the sheet as PNG.</summary>
    /// <param name="output">Where to; not closed.</param>
    public void Save(Stream output) => PngWriter.WriteRgb(output, _pixels, Width, Height);

    private Span<byte> GetRow(int index, int y)
    {
        var left = Margin + (index % _columns * (_tileWidth + Margin));
        var top = Margin + (index / _columns * (_tileHeight + Margin)) + y;
        return _pixels.AsSpan(((top * Width) + left) * 3, _tileWidth * 3);
    }

    private void ThrowIfUnfit(int index, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (length != (long)_tileWidth * _tileHeight * 3)
        {
            throw new ArgumentException(
                $"An image of the sheet is {_tileWidth}x{_tileHeight} with 3 channels; {length} values were given.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sheet of {Counted.Of(Count, "image")} of {_tileWidth}×{_tileHeight} pixels";
}
