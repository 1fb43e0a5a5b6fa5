// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Scales images down to a shorter side and encodes them again. One thread at a time.</summary>
internal sealed class ImageShrinker : IDisposable
{
    private readonly int _shorterSide;
    private readonly IImageDecoder _decoder = ImageDecoders.Default.CreateDecoder();
    private readonly ImageRenderer _renderer = new(new BytePixelOutput(channelsLast: true));
    private readonly JpegEncoder? _encoder;
    private byte[] _pixels = [];

    /// <summary>Creates the shrinker.</summary>
    /// <param name="shorterSide">The shorter side to reach, in pixels.</param>
    /// <param name="quality">The quality of the JPEG files.</param>
    /// <param name="rawPixels">Whether images are raw pixels instead of JPEG files.</param>
    public ImageShrinker(int shorterSide, int quality, bool rawPixels)
    {
        _shorterSide = shorterSide;
        _encoder = rawPixels ? null : new JpegEncoder(quality);
    }

    /// <summary>Scales an image down.</summary>
    /// <param name="encoded">The image.</param>
    /// <param name="smaller">The encoded result, valid until the next call.</param>
    /// <returns>Whether the image was larger; otherwise it is to be stored as it is.</returns>
    /// <exception cref="ImageDecodeException">The image is damaged.</exception>
    public bool TryShrink(ReadOnlySpan<byte> encoded, out ReadOnlySpan<byte> smaller)
    {
        smaller = default;
        if (!_decoder.TryReadInfo(encoded, out var info) || Math.Min(info.Width, info.Height) <= _shorterSide)
        {
            return false;
        }

        var geometry = new ImageGeometry(info.Width, info.Height);
        geometry.ResizeShorterSide(_shorterSide);
        var size = checked(geometry.Width * geometry.Height * 3);
        if (_pixels.Length < size)
        {
            _pixels = GC.AllocateUninitializedArray<byte>(size);
        }

        var pixels = _pixels.AsSpan(0, size);
        _renderer.Render(_decoder, encoded, info, geometry, exact: true, pixels);
        smaller = _encoder is null
            ? RawImage.EncodeRgb(pixels, geometry.Width, geometry.Height)
            : _encoder.Encode(pixels, geometry.Width, geometry.Height);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder?.Dispose();
        _renderer.Dispose();
        _decoder.Dispose();
    }
}
