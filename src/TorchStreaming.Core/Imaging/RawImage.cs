// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Imaging;

/// <summary>Uncompressed pixels as the <c>pil</c> encoding of MDS stores them: width, height and length of the mode's name as unsigned
/// 32-bit little-endian numbers, the mode's name, the pixels row by row.</summary>
/// <remarks>Mirrors <c>streaming.base.format.mds.encodings.PIL</c>. Modes <c>L</c>, <c>RGB</c>, <c>RGBA</c>, <c>RGBX</c> and <c>CMYK</c>
/// are read here.</remarks>
internal static class RawImage
{
    private const int FixedHeaderSize = 12;

    /// <summary>Gets the size of an encoded RGB image.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <returns>The size in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static int GetRgbSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return checked(FixedHeaderSize + 3 + (width * height * 3));
    }

    /// <summary>Encodes an RGB image.</summary>
    /// <param name="pixels">R, G, B row by row without padding.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <returns>The encoded image.</returns>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not have <c>3·width·height</c> bytes.</exception>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var encoded = new byte[GetRgbSize(width, height)];
        if (pixels.Length != encoded.Length - FixedHeaderSize - 3)
        {
            throw new ArgumentException(
                $"{width}x{height} RGB pixels take {encoded.Length - FixedHeaderSize - 3} bytes, not {pixels.Length}.", nameof(pixels));
        }

        BinaryPrimitives.WriteInt32LittleEndian(encoded, width);
        BinaryPrimitives.WriteInt32LittleEndian(encoded.AsSpan(4), height);
        BinaryPrimitives.WriteInt32LittleEndian(encoded.AsSpan(8), 3);
        "RGB"u8.CopyTo(encoded.AsSpan(FixedHeaderSize));
        pixels.CopyTo(encoded.AsSpan(FixedHeaderSize + 3));
        return encoded;
    }

    /// <summary>Reads the header. The answer is <see langword="false"/> unless mode and size fit the number of bytes exactly, which no
    /// other format's start does.</summary>
    internal static bool TryReadHeader(ReadOnlySpan<byte> encoded, out RawImageHeader header)
    {
        header = default;
        if (encoded.Length < FixedHeaderSize)
        {
            return false;
        }

        var width = BinaryPrimitives.ReadUInt32LittleEndian(encoded);
        var height = BinaryPrimitives.ReadUInt32LittleEndian(encoded[4..]);
        var modeLength = BinaryPrimitives.ReadUInt32LittleEndian(encoded[8..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue
            || modeLength is 0 or > 4 || encoded.Length < FixedHeaderSize + modeLength)
        {
            return false;
        }

        var mode = ParseMode(encoded.Slice(FixedHeaderSize, (int)modeLength));
        var bytesPerPixel = mode switch { RawImageMode.Unknown => 0, RawImageMode.L => 1, RawImageMode.Rgb => 3, _ => 4 };
        var offset = FixedHeaderSize + (int)modeLength;
        if (bytesPerPixel == 0 || (UInt128)width * height * (uint)bytesPerPixel != (UInt128)(encoded.Length - offset))
        {
            return false;
        }

        header = new RawImageHeader((int)width, (int)height, mode, bytesPerPixel, offset);
        return true;
    }

    private static RawImageMode ParseMode(ReadOnlySpan<byte> mode)
    {
        if (mode.SequenceEqual("RGB"u8))
        {
            return RawImageMode.Rgb;
        }

        if (mode.SequenceEqual("L"u8))
        {
            return RawImageMode.L;
        }

        if (mode.SequenceEqual("RGBA"u8) || mode.SequenceEqual("RGBX"u8))
        {
            return RawImageMode.Rgba;
        }

        return mode.SequenceEqual("CMYK"u8) ? RawImageMode.Cmyk : RawImageMode.Unknown;
    }
}
