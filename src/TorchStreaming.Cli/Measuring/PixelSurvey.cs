// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming.Cli;

/// <summary>Measures images: their sizes, and the values of their channels on a small copy of each, so that every image counts alike.</summary>
internal sealed class PixelSurvey : IDisposable
{
    private const int Side = 64;

    private readonly ImageTransformWorker _worker = new(ImageTransform.Resize(Side, Side).ToDtype(ElementType.UInt8).ChannelsLast());
    private readonly byte[] _pixels = new byte[Side * Side * 3];

    /// <summary>Adds an image to a summary.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="summary">The summary of its column.</param>
    public void Add(ReadOnlySpan<byte> encoded, ColumnSummary summary)
    {
        try
        {
            var image = _worker.Prepare(encoded, default);
            _worker.Render(encoded, image, _pixels);
            summary.AddExtent(image.Info.Width, image.Info.Height);
        }
        catch (ImageDecodeException)
        {
            summary.DamagedImages++;
            return;
        }

        for (var i = 0; i < _pixels.Length; i++)
        {
            summary.Channels[i % 3].Add(_pixels[i] / 255.0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();
}
