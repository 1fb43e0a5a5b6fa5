// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>How an image folder becomes a dataset.</summary>
/// <remarks>Immutable. Samples are shuffled by default, as upstream's converter does; the output is a function of the images and of these
/// options except <see cref="RawConverterOptions.Workers"/>.</remarks>
public sealed record ImageFolderConverterOptions : RawConverterOptions
{
    /// <summary>Creates the default options.</summary>
    public ImageFolderConverterOptions() => Shuffle = true;

    /// <summary>Gets the default options.</summary>
    public static new ImageFolderConverterOptions Default { get; } = new();

    /// <summary>Gets the shorter side that larger images are scaled down to, their shape kept, or <see langword="null"/> to store files as
    /// they are.</summary>
    /// <value>The default is <see langword="null"/>. An image whose shorter side is no longer than this is stored as it is in any
    /// case.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Resize
    {
        get;
        init
        {
            if (value is { } side)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(side, 1, nameof(Resize));
            }

            field = value;
        }
    }

    /// <summary>Gets the quality of images that are scaled down, from 1 to 100.</summary>
    /// <value>The default is 90.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 100.</exception>
    public int ResizeQuality
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ResizeQuality));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100, nameof(ResizeQuality));
            field = value;
        }
    } = 90;
}
