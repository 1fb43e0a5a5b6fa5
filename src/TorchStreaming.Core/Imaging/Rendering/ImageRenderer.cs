// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Decodes the part of an image that an output needs and writes the output in one pass over its rows: resample horizontally,
/// resample vertically, mirror, scale, convert, lay out. One thread at a time.</summary>
internal sealed class ImageRenderer : IDisposable
{
    private readonly PixelOutput _output;
    private readonly ScratchBuffer _decoded = new();
    private readonly ScratchBuffer _padded = new();
    private readonly ScratchBuffer _narrowed = new();
    private readonly ScratchBuffer _row = new();
    private readonly ResampleAxis _horizontal = new();
    private readonly ResampleAxis _vertical = new();

    public ImageRenderer(PixelOutput output) => _output = output;

    /// <summary>Decodes and writes.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="info">What the decoder said about it.</param>
    /// <param name="geometry">Where the output's pixels come from.</param>
    /// <param name="exact">Whether the image is decoded at full size even if it is going to shrink.</param>
    /// <param name="destination">Exactly the output's bytes.</param>
    public void Render(
        IImageDecoder decoder, ReadOnlySpan<byte> encoded, in ImageInfo info, in ImageGeometry geometry, bool exact, Span<byte> destination)
    {
        var size = checked((long)geometry.Width * geometry.Height * 3 * _output.ElementSize);
        if (destination.Length != size)
        {
            throw new ArgumentException($"The output takes {size} bytes; the destination has {destination.Length}.", nameof(destination));
        }

        var pixels = Decode(decoder, encoded, info, geometry, exact);
        var layout = PrepareAxes(pixels, geometry);
        Write(pixels, geometry, layout, destination);
    }

    public void Dispose()
    {
        _decoded.Dispose();
        _padded.Dispose();
        _narrowed.Dispose();
        _row.Dispose();
    }

    private DecodedPixels Decode(
        IImageDecoder decoder, ReadOnlySpan<byte> encoded, in ImageInfo info, in ImageGeometry geometry, bool exact)
    {
        var image = new PixelRectangle(0, 0, info.Width, info.Height);
        var inside = image.Intersect(geometry.Source);
        var isPadded = inside != geometry.Source;
        var region = isPadded ? inside : geometry.GetNeededSource();
        if (region.IsEmpty)
        {
            return new DecodedPixels([], region, ImageScale.Full, 3);
        }

        var plan = decoder.Plan(encoded, info, region, exact || isPadded ? 1.0 : geometry.LeastScale);
        var decoded = _decoded.Get(plan.Size + ScratchBuffer.Slack);
        decoder.Decode(encoded, plan, decoded[..^ScratchBuffer.Slack]);
        var pixels = new DecodedPixels(decoded, plan.Rectangle, plan.Scale, plan.BytesPerPixel);
        return isPadded ? Pad(pixels, inside, geometry.Source) : pixels;
    }

    /// <summary>Surrounds pixels with black up to a rectangle that reaches beyond the image.</summary>
    private DecodedPixels Pad(scoped in DecodedPixels pixels, PixelRectangle inside, PixelRectangle outside)
    {
        var stride = outside.Width * pixels.BytesPerPixel;
        var padded = _padded.Get(((long)stride * outside.Height) + ScratchBuffer.Slack);
        padded.Clear();
        for (var y = inside.Y; y < inside.Bottom; y++)
        {
            var source = pixels.GetRows(y).Slice((inside.X - pixels.Held.X) * pixels.BytesPerPixel, inside.Width * pixels.BytesPerPixel);
            source.CopyTo(padded[(((y - outside.Y) * stride) + ((inside.X - outside.X) * pixels.BytesPerPixel))..]);
        }

        return new DecodedPixels(padded, outside, ImageScale.Full, pixels.BytesPerPixel);
    }

    /// <summary>Computes the weights of both axes for the part of the window that is inside the resampled image.</summary>
    private RenderLayout PrepareAxes(in DecodedPixels pixels, in ImageGeometry geometry)
    {
        var (source, window, scale) = (geometry.Source, geometry.Window, pixels.Scale);
        var inside = window.Intersect(new PixelRectangle(0, 0, geometry.ResizedWidth, geometry.ResizedHeight));
        if (inside.IsEmpty)
        {
            return default;
        }

        var columns = GetResampleSource(source.X, source.Width, scale, out var originX);
        var rows = GetResampleSource(source.Y, source.Height, scale, out var originY);
        _horizontal.Prepare(columns, geometry.ResizedWidth, inside.X, inside.Right, geometry.IsMirrored, geometry.Interpolation);
        _vertical.Prepare(rows, geometry.ResizedHeight, inside.Y, inside.Bottom, reversed: false, geometry.Interpolation);
        var used = new PixelRectangle(
            originX + _horizontal.First, originY + _vertical.First, _horizontal.End - _horizontal.First, _vertical.End - _vertical.First);
        if (pixels.Held.Intersect(used) != used)
        {
            throw new InvalidOperationException($"The decoder delivered {pixels.Held} at scale {scale}, which does not cover {used}.");
        }

        var left = geometry.IsMirrored ? window.Right - inside.Right : inside.X - window.X;
        return new RenderLayout(inside with { X = left, Y = inside.Y - window.Y }, originX, originY);
    }

    /// <summary>Writes the output row by row. Rows are narrowed when the first output row needs them, so that they are still near when they
    /// are combined.</summary>
    private void Write(in DecodedPixels pixels, in ImageGeometry geometry, in RenderLayout layout, Span<byte> destination)
    {
        var inside = layout.Inside;
        var stride = inside.Width * 3;
        var narrowed = inside.IsEmpty ? [] : _narrowed.Get((long)stride * (_vertical.End - _vertical.First));
        var narrowedEnd = _vertical.First;
        var row = _row.Get((long)geometry.Width * 3);
        row.Clear();
        var isBlank = true;
        for (var y = 0; y < geometry.Height; y++)
        {
            if (y < inside.Y || y >= inside.Bottom || inside.IsEmpty)
            {
                if (!isBlank)
                {
                    row.Clear();
                    isBlank = true;
                }
            }
            else
            {
                var weights = _vertical.GetWeights(y - inside.Y);
                var start = _vertical.GetStart(y - inside.Y);
                while (narrowedEnd < start + weights.Length)
                {
                    var rows = Math.Min(Resampler.RowsAtOnce, _vertical.End - narrowedEnd);
                    Resampler.ResampleRows(
                        pixels.GetRows(layout.OriginY + narrowedEnd),
                        pixels.Stride,
                        rows,
                        pixels.Held.X - layout.OriginX,
                        pixels.BytesPerPixel,
                        _horizontal,
                        narrowed.Slice((narrowedEnd - _vertical.First) * stride, rows * stride));
                    narrowedEnd += rows;
                }

                var combined = narrowed.Slice((start - _vertical.First) * stride, weights.Length * stride);
                Resampler.CombineRows(combined, stride, weights, row.Slice(inside.X * 3, stride));
                isBlank = false;
            }

            _output.WriteRow(row, geometry.IsFlipped ? geometry.Height - 1 - y : y, geometry.Height, destination);
        }
    }

    /// <summary>Finds the source along one axis in the pixels of the decoder's scale. What is outside the source never contributes, as if
    /// the image had been cropped before it was resampled.</summary>
    private static ResampleSource GetResampleSource(int start, int size, ImageScale scale, out int origin)
    {
        if (scale.IsFull)
        {
            origin = start;
            return new ResampleSource(size, 0, size);
        }

        var low = (double)start * scale.Numerator / scale.Denominator;
        var high = ((double)start + size) * scale.Numerator / scale.Denominator;
        origin = (int)Math.Floor(low);
        return new ResampleSource((int)Math.Ceiling(high) - origin, low - origin, high - origin);
    }

    /// <summary>Where the resampled pixels are.</summary>
    /// <param name="Inside">The part of the output that they fill; the rest is black.</param>
    /// <param name="OriginX">The decoder's column that the horizontal axis calls 0.</param>
    /// <param name="OriginY">The decoder's row that the vertical axis calls 0.</param>
    private readonly record struct RenderLayout(PixelRectangle Inside, int OriginX, int OriginY);
}
