// SPDX-License-Identifier: MIT

using SkiaSharp;

namespace TorchStreaming.Imaging;

/// <summary>Encodes JPEG by Skia.</summary>
internal sealed class SkiaJpegEncoder : IJpegEncoding
{
    private readonly SKJpegEncoderOptions _options;
    private readonly SKColorType _colors;
    private readonly MemoryStream _file = new();
    private byte[] _pixels = [];

    public SkiaJpegEncoder(int quality, JpegSubsampling subsampling)
    {
        var stored = subsampling switch
        {
            JpegSubsampling.Chroma444 => SKJpegEncoderDownsample.Downsample444,
            JpegSubsampling.Chroma422 => SKJpegEncoderDownsample.Downsample422,
            _ => SKJpegEncoderDownsample.Downsample420,
        };
        _options = new SKJpegEncoderOptions(quality, stored, SKJpegEncoderAlphaOption.Ignore);
        _colors = subsampling == JpegSubsampling.Gray ? SKColorType.Gray8 : SKColorType.Rgba8888;
    }

    public unsafe ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var info = new SKImageInfo(width, height, _colors, SKAlphaType.Opaque);
        if (_pixels.Length < info.BytesSize64)
        {
            _pixels = GC.AllocateUninitializedArray<byte>(checked((int)info.BytesSize64));
        }

        Convert(pixels, _pixels);
        fixed (byte* start = _pixels)
        {
            using var image = new SKPixmap(info, (nint)start, info.RowBytes);
            using var data = image.Encode(_options)
                ?? throw new InvalidOperationException($"SkiaSharp could not encode {width}x{height} pixels as JPEG.");
            _file.SetLength(0);
            data.SaveTo(_file);
        }

        return _file.GetBuffer().AsSpan(0, checked((int)_file.Length));
    }

    public void Dispose() => _file.Dispose();

    // Skia has no pixels of three bytes, and makes no gray of colored ones; the weights are those of JPEG's Y.
    private void Convert(ReadOnlySpan<byte> rgb, Span<byte> converted)
    {
        for (var (from, to) = (0, 0); from < rgb.Length; from += 3)
        {
            if (_colors == SKColorType.Gray8)
            {
                converted[to++] = (byte)(((19595 * rgb[from]) + (38470 * rgb[from + 1]) + (7471 * rgb[from + 2]) + 32768) >> 16);
            }
            else
            {
                rgb.Slice(from, 3).CopyTo(converted[to..]);
                converted[to + 3] = byte.MaxValue;
                to += 4;
            }
        }
    }
}
