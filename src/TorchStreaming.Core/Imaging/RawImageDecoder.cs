// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>"Decodes" uncompressed pixels: copies exactly the rows and columns of the region, as RGB or RGBX.</summary>
internal sealed class RawImageDecoder : IImageDecoder
{
    private readonly ImageDecoderOptions _options;

    public RawImageDecoder(ImageDecoderOptions options) => _options = options;

    public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info)
    {
        info = default;
        if (!RawImage.TryReadHeader(encoded, out var header))
        {
            return false;
        }

        info = new ImageInfo(header.Width, header.Height, header.BytesPerPixel);
        _options.ThrowIfRefused(info);
        return true;
    }

    public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale) =>
        new(info, ImageScale.Full, region, info.Channels == 4 ? 4 : 3);

    public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination)
    {
        if (!RawImage.TryReadHeader(encoded, out var header))
        {
            throw new ImageDecodeException("The bytes are not uncompressed pixels.");
        }

        var region = plan.Rectangle;
        for (var y = 0; y < region.Height; y++)
        {
            var start = header.PixelOffset + ((((long)(region.Y + y) * header.Width) + region.X) * header.BytesPerPixel);
            var source = encoded.Slice(checked((int)start), region.Width * header.BytesPerPixel);
            var target = destination.Slice(y * plan.Stride, plan.Stride);
            switch (header.Mode)
            {
                case RawImageMode.L:
                    PixelConversion.GrayToRgb(source, target);
                    break;
                case RawImageMode.Cmyk:
                    source.CopyTo(target);
                    PixelConversion.CmykToRgbx(target, inverted: false);
                    break;
                default:
                    source.CopyTo(target);
                    break;
            }
        }
    }

    public void Dispose()
    {
    }
}
