// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>An image whose header was read and whose random choices were made, ready to be rendered.</summary>
internal readonly struct PreparedImage
{
    internal PreparedImage(
        in ImageInfo info, in ImageGeometry geometry, (int Width, int Height) size, bool channelsLast, in SampleRandomness randomness)
    {
        Info = info;
        Geometry = geometry;
        (Width, Height) = size;
        IsChannelsLast = channelsLast;
        Randomness = randomness;
    }

    /// <summary>Gets what the header says.</summary>
    public ImageInfo Info { get; }

    /// <summary>Gets the output's width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the output's height in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets whether the output's layout is row, column, channel.</summary>
    public bool IsChannelsLast { get; }

    internal ImageGeometry Geometry { get; }

    internal SampleRandomness Randomness { get; }

    /// <summary>Copies the output's shape.</summary>
    /// <param name="shape">Three numbers: channel, row, column or row, column, channel.</param>
    public void CopyShape(Span<long> shape)
    {
        var (channel, row, column) = IsChannelsLast ? (2, 0, 1) : (0, 1, 2);
        shape[channel] = 3;
        shape[row] = Height;
        shape[column] = Width;
    }
}

/// <summary>Where the random numbers of an image's steps come from.</summary>
/// <param name="Context">The sample's identity.</param>
/// <param name="FirstPlace">The place of the chain's first step.</param>
internal readonly record struct SampleRandomness(TransformContext Context, long FirstPlace)
{
    /// <summary>Makes the random numbers of one step.</summary>
    public SampleRandom Create(int step) => new(Context, FirstPlace + step);
}
