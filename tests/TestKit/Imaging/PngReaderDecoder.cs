// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.TestKit;

/// <summary>Gives <see cref="PngReader"/> to the engine as an image decoder, for golden tests that must not depend on a native
/// library.</summary>
internal sealed class PngReaderDecoder : IImageDecoder
{
    /// <summary>Gets decoders of which this one is the only one.</summary>
    public static ImageDecoders Only { get; } = new([new Factory()]);

    /// <inheritdoc/>
    public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info)
    {
        var image = PngReader.Read(encoded);
        info = new ImageInfo(image.Width, image.Height, image.Channels);
        return true;
    }

    /// <inheritdoc/>
    public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale) =>
        new(info, ImageScale.Full, region, 3);

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination)
    {
        var image = PngReader.Read(encoded);
        var region = plan.Rectangle;
        for (var y = 0; y < region.Height; y++)
        {
            for (var x = 0; x < region.Width; x++)
            {
                var pixel = image.Pixels.AsSpan((((region.Y + y) * image.Width) + region.X + x) * image.Channels, image.Channels);
                for (var channel = 0; channel < 3; channel++)
                {
                    destination[(y * plan.Stride) + (3 * x) + channel] = pixel[image.Channels == 1 ? 0 : channel];
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Factory : IImageDecoderFactory
    {
        public string Name => "png-reader";

        public bool IsAvailable => true;

        public bool Supports(ImageFormat format) => format == ImageFormat.Png;

        public IImageDecoder Create(ImageDecoderOptions options) => new PngReaderDecoder();
    }
}
