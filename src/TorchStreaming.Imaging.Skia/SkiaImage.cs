// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using SkiaSharp;

namespace TorchStreaming.Imaging;

/// <summary>One encoded image at a time, opened by Skia over a copy of its bytes.</summary>
/// <remarks>Skia reads the bytes until its objects are gone, and the caller's may move or vanish between two calls; copying 100 kB takes
/// a few microseconds and lets the calls of one image share one open codec. Not thread-safe.</remarks>
internal sealed unsafe class SkiaImage : IDisposable
{
    private byte[] _bytes = [];
    private int _length = -1;
    private SKData? _data;
    private SKCodec? _codec;

    /// <summary>Gets what the header says; read once, since each read takes a lock of the whole process.</summary>
    public SKImageInfo Info { get; private set; }

    /// <summary>Opens an image, unless it is the one that is open.</summary>
    /// <returns>Whether Skia can read its header.</returns>
    public bool Open(ReadOnlySpan<byte> encoded)
    {
        if (_codec is not null && encoded.SequenceEqual(_bytes.AsSpan(0, _length)))
        {
            return true;
        }

        Close();
        if (_bytes.Length < encoded.Length)
        {
            var capacity = Math.Max(encoded.Length, (int)Math.Min(2L * _bytes.Length, Array.MaxLength));
            _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        }

        encoded.CopyTo(_bytes);
        _length = encoded.Length;
        _data = SKData.Create(Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0), _length);
        _codec = SKCodec.Create(_data);
        if (_codec is null)
        {
            Close();
            return false;
        }

        Info = _codec.Info;
        return true;
    }

    /// <summary>Gets whether the open image can be decoded at exactly a scale.</summary>
    public bool HasScale(ImageScale scale)
    {
        var size = _codec!.GetScaledDimensions((float)scale.Factor);
        return size.Width == scale.Apply(Info.Width) && size.Height == scale.Apply(Info.Height);
    }

    /// <summary>Decodes the open image at one of its sizes, as R, G, B, A with alpha not multiplied in and no color conversion.</summary>
    public SKCodecResult Decode(int width, int height, Span<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rgba.Length, (long)width * height * 4, nameof(rgba));
        var alpha = Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, alpha, colorspace: null);
        fixed (byte* pixels = rgba)
        {
            return _codec!.GetPixels(info, (nint)pixels, checked(width * 4), SKCodecOptions.Default);
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        // The codec first: it reads through the data.
        _codec?.Dispose();
        _data?.Dispose();
        _codec = null;
        _data = null;
        _length = -1;
    }
}
