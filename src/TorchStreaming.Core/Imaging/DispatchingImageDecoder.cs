// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Passes each image to a decoder that reads its format; each kind of decoder is made at its first image.</summary>
internal sealed class DispatchingImageDecoder : IImageDecoder
{
    private readonly ImageDecoders _decoders;
    private readonly ImageDecoderOptions _options;
    private readonly IImageDecoder?[] _made = new IImageDecoder?[(int)ImageFormat.Raw + 1];
    private bool _disposed;

    public DispatchingImageDecoder(ImageDecoders decoders, ImageDecoderOptions options)
    {
        _decoders = decoders;
        _options = options;
    }

    public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info) => Get(encoded).TryReadInfo(encoded, out info);

    public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale) =>
        Get(encoded).Plan(encoded, info, region, minimumScale);

    public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination) =>
        Get(encoded).Decode(encoded, plan, destination);

    public void Dispose()
    {
        _disposed = true;
        foreach (var decoder in _made)
        {
            decoder?.Dispose();
        }

        Array.Clear(_made);
    }

    private IImageDecoder Get(ReadOnlySpan<byte> encoded)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var format = ImageFormats.Detect(encoded);
        return _made[(int)format] ?? Make(format, encoded);
    }

    private IImageDecoder Make(ImageFormat format, ReadOnlySpan<byte> encoded)
    {
        var factory = _decoders.Find(format) ?? throw ImageDecoders.Undecodable(format, encoded);
        return _made[(int)format] = factory.Create(_options);
    }
}
