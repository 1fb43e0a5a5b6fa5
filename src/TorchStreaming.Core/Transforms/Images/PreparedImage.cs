// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>An image whose header was read and whose random choices were made, ready to be rendered.</summary>
public readonly struct PreparedImage
{
    internal PreparedImage(in ImageInfo info, in ImageGeometry geometry, bool channelsLast)
    {
        Info = info;
        Geometry = geometry;
        IsChannelsLast = channelsLast;
    }

    /// <summary>Gets what the header says.</summary>
    public ImageInfo Info { get; }

    /// <summary>Gets the output's width in pixels.</summary>
    public int Width => Geometry.Width;

    /// <summary>Gets the output's height in pixels.</summary>
    public int Height => Geometry.Height;

    /// <summary>Gets whether the output's layout is row, column, channel.</summary>
    public bool IsChannelsLast { get; }

    internal ImageGeometry Geometry { get; }

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
