// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Interactive;

/// <summary>Small views of the first images of a batch, side by side. Values of any range are shown: what is within 0…1 or 0…255 as it
/// is, anything else stretched over its own range, as with normalized images.</summary>
internal sealed class ThumbnailStrip
{
    /// <summary>The most images that a strip shows.</summary>
    public const int MaxImages = 8;

    private const int MaxSide = 64;

    private readonly ImageShape _shape;
    private readonly int _step;
    private readonly double _low;
    private readonly double _scale;
    private readonly byte[] _pixels;
    private readonly ContactSheet _sheet;

    /// <summary>Creates an empty strip.</summary>
    /// <param name="count">The number of images, from 1 to <see cref="MaxImages"/>.</param>
    /// <param name="shape">How each of them is.</param>
    /// <param name="low">The smallest value of all of them.</param>
    /// <param name="high">The largest value of all of them.</param>
    public ThumbnailStrip(int count, ImageShape shape, double low, double high)
    {
        _shape = shape;
        _step = (Math.Max(shape.Height, shape.Width) + MaxSide - 1) / MaxSide;
        var isPlain = low >= 0 && high <= 255;
        _low = isPlain ? 0 : low;
        _scale = isPlain ? (high <= 1 ? 255 : 1) : high > low ? 255 / (high - low) : 0;
        var (width, height) = ((shape.Width + _step - 1) / _step, (shape.Height + _step - 1) / _step);
        _pixels = new byte[width * height * 3];
        _sheet = new ContactSheet(count, width, height, columns: count);
    }

    /// <summary>Places an image.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="valueAt">Reads its value at an index.</param>
    public void Place(int index, Func<int, double> valueAt)
    {
        var i = 0;
        for (var y = 0; y < _shape.Height; y += _step)
        {
            for (var x = 0; x < _shape.Width; x += _step)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    var value = valueAt(_shape.IndexOf(Math.Min(channel, _shape.Channels - 1), y, x));
                    _pixels[i++] = double.IsFinite(value) ? (byte)Math.Clamp((value - _low) * _scale, 0, 255) : (byte)0;
                }
            }
        }

        _sheet.Place(index, _pixels);
    }

    /// <summary>Gets the strip as PNG.</summary>
    public byte[] ToPng()
    {
        var png = new MemoryStream();
        _sheet.Save(png);
        return png.ToArray();
    }
}
