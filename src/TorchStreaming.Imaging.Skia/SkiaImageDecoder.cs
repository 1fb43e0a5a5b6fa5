// SPDX-License-Identifier: MIT

using SkiaSharp;

namespace TorchStreaming.Imaging;

/// <summary>Decodes whole images by Skia, JPEGs at 1, 1/2, 1/4 or 1/8 of their size.</summary>
internal sealed class SkiaImageDecoder : IImageDecoder
{
    private readonly ImageDecoderOptions _options;
    private readonly SkiaImage _image = new();

    public SkiaImageDecoder(ImageDecoderOptions options) => _options = options;

    public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info)
    {
        info = default;
        var format = ImageFormats.Detect(encoded);
        if (!SkiaImageDecoderFactory.Instance.Supports(format))
        {
            return false;
        }

        if (!_image.Open(encoded))
        {
            throw new ImageDecodeException($"The {format} image's header is damaged or ends early.");
        }

        info = Describe(_image.Info);
        _options.ThrowIfRefused(info);
        return true;
    }

    public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale)
    {
        var scale = ImageScale.SmallestAtLeast(minimumScale);

        // Skia rounds a wished scale to the nearest that the format has, which may be too small or, for most formats, full size.
        if (!scale.IsFull && (ImageFormats.Detect(encoded) != ImageFormat.Jpeg || !_image.Open(encoded) || !_image.HasScale(scale)))
        {
            scale = ImageScale.Full;
        }

        var whole = new PixelRectangle(0, 0, scale.Apply(info.Width), scale.Apply(info.Height));
        return new ImageDecodePlan(info, scale, whole, BytesPerPixel: 4);
    }

    public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination)
    {
        if (destination.Length < plan.Size)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} bytes; the plan needs {plan.Size}.", nameof(destination));
        }

        if (!_image.Open(encoded))
        {
            throw new ImageDecodeException("The image's header is damaged or ends early.");
        }

        var result = _image.Decode(plan.Rectangle.Width, plan.Rectangle.Height, destination);
        if (result != SKCodecResult.Success)
        {
            throw new ImageDecodeException(Explain(result));
        }
    }

    public void Dispose() => _image.Dispose();

    private static ImageInfo Describe(SKImageInfo info)
    {
        var channels = info.AlphaType != SKAlphaType.Opaque ? 4 : info.ColorType == SKColorType.Gray8 ? 1 : 3;
        return new ImageInfo(info.Width, info.Height, channels);
    }

    // Skia fills what an incomplete image lacks with zeros and says so only by its result: anything but success is an error here.
    private static string Explain(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "The image is truncated: its data ends before its last row.",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "The image's data is damaged.",
        SKCodecResult.InvalidScale => "The image does not have the size that it was planned with.",
        _ => $"SkiaSharp could not decode the image ({result}).",
    };
}
