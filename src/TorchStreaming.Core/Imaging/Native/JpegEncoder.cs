// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>Encodes RGB pixels as JPEG with the system's libturbojpeg.</summary>
/// <remarks>One thread at a time; dispose it.</remarks>
public sealed unsafe class JpegEncoder : IDisposable
{
    private const int PixelFormatRgb = 0;
    private const int FlagNoReallocation = 1024;
    private const int FlagProgressive = 16384;

    private readonly TurboJpegLibrary _library;
    private readonly TurboJpegHandle _handle;
    private readonly int _quality;
    private readonly JpegSubsampling _subsampling;
    private readonly int _flags;
    private byte[] _buffer = [];

    /// <summary>Creates the encoder.</summary>
    /// <param name="quality">The quality, from 1 to 100.</param>
    /// <param name="subsampling">How colour is stored.</param>
    /// <param name="progressive">Whether the files are progressive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is outside 1 to 100, or <paramref name="subsampling"/> is
    /// unknown.</exception>
    /// <exception cref="InvalidOperationException">The machine has no libturbojpeg; see <see cref="IsAvailable"/>.</exception>
    public JpegEncoder(int quality = 90, JpegSubsampling subsampling = JpegSubsampling.Chroma420, bool progressive = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (!Enum.IsDefined(subsampling))
        {
            throw new ArgumentOutOfRangeException(nameof(subsampling), subsampling, "Unknown subsampling.");
        }

        _quality = quality;
        _subsampling = subsampling;
        _flags = FlagNoReallocation | (progressive ? FlagProgressive : 0);
        _library = TurboJpegLibrary.Required;
        _handle = TurboJpegHandle.CreateCompressor(_library);
    }

    /// <summary>Gets whether the machine has libturbojpeg (Debian and Ubuntu: package libturbojpeg0).</summary>
    public static bool IsAvailable => TurboJpegLibrary.Loaded is not null;

    /// <summary>Encodes an image.</summary>
    /// <param name="pixels">R, G, B row by row without padding.</param>
    /// <param name="width">The width in pixels, from 1 to 65,500.</param>
    /// <param name="height">The height in pixels, from 1 to 65,500.</param>
    /// <returns>The JPEG file, a loan of the encoder's buffer until the next call.</returns>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not have <c>3·width·height</c> bytes.</exception>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 65500);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 65500);
        if (pixels.Length != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"{width}x{height} RGB pixels take {(long)width * height * 3} bytes, not {pixels.Length}.", nameof(pixels));
        }

        var needed = checked((int)_library.BufferSize(width, height, (int)_subsampling).Value);
        if (_buffer.Length < needed)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(needed);
        }

        var size = new CULong((uint)_buffer.Length);
        var handle = _handle.DangerousGetHandle();
        fixed (byte* source = pixels)
        fixed (byte* target = _buffer)
        {
            var output = target;
            var code = _library.Compress(
                handle, source, width, width * 3, height, PixelFormatRgb, &output, &size, (int)_subsampling, _quality, _flags);
            if (code != 0)
            {
                throw new InvalidOperationException($"libturbojpeg could not encode {width}x{height} pixels: {_library.GetError(handle)}.");
            }
        }

        GC.KeepAlive(this);
        return _buffer.AsSpan(0, checked((int)size.Value));
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
