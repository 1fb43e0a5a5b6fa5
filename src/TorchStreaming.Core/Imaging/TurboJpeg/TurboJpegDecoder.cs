// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>Decodes JPEG with the system's libturbojpeg: whole images, at 1, 1/2, 1/4 or 1/8 of their size.</summary>
/// <remarks>Version 2 of the library cannot crop, so the whole image is planned whatever the region.</remarks>
internal sealed unsafe class TurboJpegDecoder : IImageDecoder
{
    private const int PixelFormatRgb = 0;
    private const int PixelFormatCmyk = 11;
    private const int ColorspaceGray = 2;
    private const int ColorspaceCmyk = 3;
    private const int ColorspaceYcck = 4;
    private const int ErrorIsWarning = 0;

    // A progressive file may repeat scans without end; 500 is the library's limit when this is set.
    private const int FlagLimitScans = 32768;

    // For smaller images the library could not tell two scales apart by the size that is asked for.
    private const int SmallestReducedEdge = 16;

    private readonly TurboJpegLibrary _library;
    private TurboJpegHandle _handle;
    private readonly ImageDecoderOptions _options;

    public TurboJpegDecoder(TurboJpegLibrary library, ImageDecoderOptions options)
    {
        _library = library;
        _options = options;
        _handle = TurboJpegHandle.CreateDecompressor(library);
    }

    public bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info)
    {
        info = default;
        if (ImageFormats.Detect(encoded) != ImageFormat.Jpeg)
        {
            return false;
        }

        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        int width = 0, height = 0, subsampling, colorspace = 0;
        var handle = _handle.DangerousGetHandle();
        fixed (byte* source = encoded)
        {
            var length = new CULong((uint)encoded.Length);
            var code = _library.DecompressHeader(handle, source, length, &width, &height, &subsampling, &colorspace);
            if (code != 0 || width < 1 || height < 1)
            {
                ThrowUnlessRead(handle, code, width, height);
            }
        }

        GC.KeepAlive(this);
        var channels = colorspace switch { ColorspaceGray => 1, ColorspaceCmyk or ColorspaceYcck => 4, _ => 3 };
        info = new ImageInfo(width, height, channels);
        _options.ThrowIfRefused(info);
        return true;
    }

    public ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale)
    {
        var scale = Math.Min(info.Width, info.Height) < SmallestReducedEdge ? ImageScale.Full : ImageScale.SmallestAtLeast(minimumScale);
        var whole = new PixelRectangle(0, 0, scale.Apply(info.Width), scale.Apply(info.Height));
        return new ImageDecodePlan(info, scale, whole, info.Channels == 4 ? 4 : 3);
    }

    public void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (destination.Length < plan.Size)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} bytes; the plan needs {plan.Size}.", nameof(destination));
        }

        var (width, height) = (plan.Rectangle.Width, plan.Rectangle.Height);
        var cmyk = plan.BytesPerPixel == 4;
        var handle = _handle.DangerousGetHandle();
        fixed (byte* source = encoded)
        fixed (byte* target = destination)
        {
            var length = new CULong((uint)encoded.Length);
            var format = cmyk ? PixelFormatCmyk : PixelFormatRgb;
            var code = _library.Decompress(handle, source, length, target, width, plan.Stride, height, format, FlagLimitScans);
            if (code != 0)
            {
                ThrowUnlessHarmless(handle, encoded);
            }
        }

        GC.KeepAlive(this);
        if (cmyk)
        {
            PixelConversion.CmykToRgbx(destination[..(int)plan.Size], inverted: true);
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Accepts a header with no worse than a warning, and fails with any other.</summary>
    private void ThrowUnlessRead(nint handle, int code, int width, int height)
    {
        if (code != 0 && _library.GetErrorCode(handle) == ErrorIsWarning && width > 0 && height > 0)
        {
            return;
        }

        var message = code == 0 ? "it has no image" : _library.GetError(handle);
        Renew();
        throw new ImageDecodeException($"The JPEG header cannot be read: {message}.");
    }

    /// <summary>Starts again after an error. Version 2 of the library leaves an instance in the middle of a header that it could not read, and
    /// would fail the next image for it.</summary>
    private void Renew()
    {
        var renewed = TurboJpegHandle.CreateDecompressor(_library);
        _handle.Dispose();
        _handle = renewed;
    }

    /// <summary>Accepts what Pillow accepts: damage inside the entropy-coded data, such as stray bytes before a marker, is a warning of the
    /// library and no more; an image that ends early is an error. The library reports its first warning only, so any other one calls for a
    /// look at the markers.</summary>
    private void ThrowUnlessHarmless(nint handle, ReadOnlySpan<byte> encoded)
    {
        var message = _library.GetError(handle);
        var harmless = _library.GetErrorCode(handle) == ErrorIsWarning
            && !message.StartsWith("Premature end of JPEG file", StringComparison.Ordinal)
            && JpegMarkers.ReachesEnd(encoded);
        if (!harmless)
        {
            Renew();
            throw new ImageDecodeException($"The JPEG image is truncated or damaged: {message}.");
        }
    }
}
