// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>What every decoder obeys.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>The default limit of <see cref="MaxPixels"/>: the number above which Pillow refuses an image.</summary>
    public const long DefaultMaxPixels = 178_956_970;

    /// <summary>The longest edge that an image may have, whatever its area: what resampling needs grows with it.</summary>
    public const int MaxEdge = 1 << 20;

    /// <summary>Gets the default options.</summary>
    public static ImageDecoderOptions Default { get; } = new();

    /// <summary>Gets the most pixels that an image may have; a larger one is refused by its header, before any memory is taken for
    /// it.</summary>
    /// <value>The default is <see cref="DefaultMaxPixels"/>.</value>
    /// <remarks>Mirrors <c>2 * PIL.Image.MAX_IMAGE_PIXELS</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = DefaultMaxPixels;

    /// <summary>Gets whether the pixels of a palette image are their places in the palette, as label maps have them, and not its
    /// colors.</summary>
    internal bool KeepsPaletteIndices { get; init; }

    /// <summary>Checks a header against the limit.</summary>
    /// <param name="info">What the header says.</param>
    /// <exception cref="ImageDecodeException">The image has no pixels, or more than <see cref="MaxPixels"/>, or an edge beyond
    /// <see cref="MaxEdge"/>.</exception>
    internal void ThrowIfRefused(in ImageInfo info)
    {
        if (info.Width < 1 || info.Height < 1)
        {
            throw new ImageDecodeException($"The image's header says {info.Width}x{info.Height} pixels; the image is damaged.");
        }

        if (info.Width > MaxEdge || info.Height > MaxEdge)
        {
            throw new ImageDecodeException($"The image's header says {info.Width}x{info.Height} pixels; an edge has {MaxEdge} at most.");
        }

        if ((long)info.Width * info.Height > MaxPixels)
        {
            throw new ImageDecodeException(
                $"The image's header says {info.Width}x{info.Height} pixels, more than the limit of {MaxPixels}. "
                + $"Raise {nameof(ImageDecoderOptions)}.{nameof(MaxPixels)} if the image is meant to be that large.");
        }
    }
}
