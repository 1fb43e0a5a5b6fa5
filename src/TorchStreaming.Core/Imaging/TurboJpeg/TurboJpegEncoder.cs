// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>Encodes JPEG by the system's libturbojpeg.</summary>
internal sealed unsafe class TurboJpegEncoder : IJpegEncoding
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

    public TurboJpegEncoder(TurboJpegLibrary library, int quality, JpegSubsampling subsampling, bool progressive)
    {
        _quality = quality;
        _subsampling = subsampling;
        _flags = FlagNoReallocation | (progressive ? FlagProgressive : 0);
        _library = library;
        _handle = TurboJpegHandle.CreateCompressor(library);
    }

    public ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
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

    public void Dispose() => _handle.Dispose();
}
