// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Where the pixels of an output come from: a source rectangle is resampled to a size, a window of the result is taken, and the
/// window may be mirrored and turned upside down. Any chain of crops, flips and one resize folds into this, so that no step is carried out by itself.</summary>
/// <remarks>Source and window may reach beyond the image and the resampled image; what is outside is black. Mutable while a chain is
/// folded.</remarks>
internal struct ImageGeometry
{
    /// <summary>The geometry of an image as it is.</summary>
    public ImageGeometry(int width, int height)
    {
        Source = new PixelRectangle(0, 0, width, height);
        Window = Source;
        (ResizedWidth, ResizedHeight) = (width, height);
    }

    /// <summary>Gets the rectangle that is resampled, in pixels of the image.</summary>
    public PixelRectangle Source { get; private set; }

    /// <summary>Gets the width that the source is resampled to.</summary>
    public int ResizedWidth { get; private set; }

    /// <summary>Gets the height that the source is resampled to.</summary>
    public int ResizedHeight { get; private set; }

    /// <summary>Gets the output as a rectangle of the resampled source.</summary>
    public PixelRectangle Window { get; private set; }

    /// <summary>Gets whether the window is mirrored left to right.</summary>
    public bool IsMirrored { get; private set; }

    /// <summary>Gets whether the window is turned upside down.</summary>
    public bool IsFlipped { get; private set; }

    /// <summary>Gets or sets how the source is resampled.</summary>
    public ImageInterpolation Interpolation { get; set; }

    /// <summary>Gets whether <see cref="Resize"/> was called.</summary>
    public bool IsResized { get; private set; }

    /// <summary>Gets the output's width.</summary>
    public readonly int Width => Window.Width;

    /// <summary>Gets the output's height.</summary>
    public readonly int Height => Window.Height;

    /// <summary>Gets the minimum scale of the source that still has as many pixels as the resampled image wants, on both axes.</summary>
    public readonly double LeastScale => IsResized && Interpolation != ImageInterpolation.Nearest
        ? Math.Max((double)ResizedWidth / Source.Width, (double)ResizedHeight / Source.Height)
        : 1;

    /// <summary>Gets the part of the source that the window is made of, filter margins included.</summary>
    public readonly PixelRectangle GetNeededSource()
    {
        var inside = Window.Intersect(new PixelRectangle(0, 0, ResizedWidth, ResizedHeight));
        if (inside.IsEmpty || !IsResized)
        {
            return inside with { X = inside.X + Source.X, Y = inside.Y + Source.Y };
        }

        var (left, right) = GetNeeded(Source.Width, ResizedWidth, inside.X, inside.Right, Interpolation);
        var (top, bottom) = GetNeeded(Source.Height, ResizedHeight, inside.Y, inside.Bottom, Interpolation);
        return new PixelRectangle(Source.X + left, Source.Y + top, right - left, bottom - top);
    }

    /// <summary>Takes a rectangle of the output so far; it may reach beyond it.</summary>
    public void Crop(PixelRectangle rectangle)
    {
        var x = IsMirrored ? Window.Width - rectangle.X - rectangle.Width : rectangle.X;
        var y = IsFlipped ? Window.Height - rectangle.Y - rectangle.Height : rectangle.Y;
        Window = rectangle with { X = Window.X + x, Y = Window.Y + y };
    }

    /// <summary>Takes the middle of the output so far, as <c>torchvision.transforms.CenterCrop</c> does: offsets are rounded half to even,
    /// and an image that is too small is padded, the odd pixel on the right and below.</summary>
    public void CenterCrop(int width, int height) =>
        Crop(new PixelRectangle(CenterOffset(Width, width), CenterOffset(Height, height), width, height));

    /// <summary>Resamples the output so far to a size. Once only.</summary>
    public void Resize(int width, int height)
    {
        if (IsResized)
        {
            throw new InvalidOperationException("An image is resampled once.");
        }

        Source = Window;
        (ResizedWidth, ResizedHeight) = (width, height);
        Window = new PixelRectangle(0, 0, width, height);
        IsResized = true;
    }

    /// <summary>Resamples the output so far so that its shorter side has a length, as <c>torchvision.transforms.Resize(int)</c> does: the
    /// longer side is rounded down.</summary>
    /// <exception cref="ImageDecodeException">The image is so long and narrow that the longer side has no length.</exception>
    public void ResizeShorterSide(int size)
    {
        var (shorter, longer) = (Math.Min(Width, Height), Math.Max(Width, Height));
        var length = (double)((long)size * longer) / shorter;
        if (length > int.MaxValue)
        {
            throw new ImageDecodeException(
                $"An image of {Width}x{Height} pixels is too narrow to be resampled to a shorter side of {size}.");
        }

        var other = (int)length;
        if (Width <= Height)
        {
            Resize(size, other);
        }
        else
        {
            Resize(other, size);
        }
    }

    /// <summary>Mirrors the output left to right.</summary>
    public void FlipHorizontally() => IsMirrored = !IsMirrored;

    /// <summary>Turns the output upside down.</summary>
    public void FlipVertically() => IsFlipped = !IsFlipped;

    // The filter reaches its support in output pixels (at least as many input pixels) to each side; a reduced decode may be up to one
    // output pixel coarser still.
    private static (int Start, int End) GetNeeded(int sourceSize, int resizedSize, int start, int end, ImageInterpolation interpolation)
    {
        var scale = (double)sourceSize / resizedSize;
        var margin = (2 + Math.Max(ResampleFilter.GetSupport(interpolation), 1)) * Math.Max(scale, 1);
        return ((int)Math.Max((start * scale) - margin, 0), (int)Math.Min(Math.Ceiling((end * scale) + margin), sourceSize));
    }

    private static int CenterOffset(int available, int wanted) => wanted > available
        ? -((wanted - available) / 2)
        : (int)Math.Round((available - wanted) / 2.0, MidpointRounding.ToEven);
}
