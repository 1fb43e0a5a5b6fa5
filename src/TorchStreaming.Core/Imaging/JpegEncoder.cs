// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Encodes RGB pixels as JPEG: by the system's libturbojpeg, or by SkiaSharp where the program has
/// <c>TorchStreaming.Imaging.Skia</c>. The two files of one image differ in bytes.</summary>
/// <remarks>One thread at a time; dispose it.</remarks>
internal sealed class JpegEncoder : IDisposable
{
    private static IPortableJpeg? _portable;

    private readonly IJpegEncoding _encoding;
    private bool _disposed;

    /// <summary>Creates the encoder.</summary>
    /// <param name="quality">The quality, from 1 to 100.</param>
    /// <param name="subsampling">How color is stored.</param>
    /// <param name="progressive">Whether the files are progressive, which only libturbojpeg writes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is outside 1 to 100, or <paramref name="subsampling"/> is
    /// unknown.</exception>
    /// <exception cref="InvalidOperationException">Neither library is there (see <see cref="IsAvailable"/>), or
    /// <paramref name="progressive"/> asks for libturbojpeg on a machine without it.</exception>
    public JpegEncoder(int quality = 90, JpegSubsampling subsampling = JpegSubsampling.Chroma420, bool progressive = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (!Enum.IsDefined(subsampling))
        {
            throw new ArgumentOutOfRangeException(nameof(subsampling), subsampling, "Unknown subsampling.");
        }

        _encoding = TurboJpegLibrary.Loaded is { } library
            ? new TurboJpegEncoder(library, quality, subsampling, progressive)
            : Portable(quality, subsampling, progressive);
    }

    /// <summary>Gets whether JPEG can be encoded: the machine has libturbojpeg (Debian and Ubuntu: package libturbojpeg0), or the program
    /// has registered SkiaSharp.</summary>
    public static bool IsAvailable => TurboJpegLibrary.Loaded is not null || Fallback is not null;

    /// <summary>Encodes an image.</summary>
    /// <param name="pixels">R, G, B row by row without padding.</param>
    /// <param name="width">The width in pixels, from 1 to 65,500.</param>
    /// <param name="height">The height in pixels, from 1 to 65,500.</param>
    /// <returns>The JPEG file, a view of the encoder's buffer that is valid until the next call.</returns>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not have <c>3·width·height</c> bytes.</exception>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 65500);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 65500);
        return pixels.Length == (long)width * height * 3
            ? _encoding.Encode(pixels, width, height)
            : throw new ArgumentException(
                $"{width}x{height} RGB pixels take {(long)width * height * 3} bytes, not {pixels.Length}.", nameof(pixels));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _encoding.Dispose();
    }

    private static IPortableJpeg? Fallback => Volatile.Read(ref _portable) is { IsAvailable: true } portable ? portable : null;

    /// <summary>Sets what encodes where libturbojpeg is not.</summary>
    internal static void Register(IPortableJpeg portable) => Volatile.Write(ref _portable, portable);

    private static IJpegEncoding Portable(int quality, JpegSubsampling subsampling, bool progressive) =>
        (progressive ? null : Fallback?.CreateEncoding(quality, subsampling)) ?? throw new InvalidOperationException(
            $"Encoding {(progressive ? "progressive " : "")}JPEG takes libturbojpeg (version 2.0 or later), which was not found. "
            + "Install it (Debian and Ubuntu: package libturbojpeg0)"
            + (progressive ? "." : ", or use the package TorchStreaming.Imaging.Skia."));
}
