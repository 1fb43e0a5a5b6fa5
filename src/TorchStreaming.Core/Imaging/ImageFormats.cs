// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Tells image formats apart.</summary>
internal static class ImageFormats
{
    /// <summary>Tells the format of an encoded image by its first bytes. Nothing else of it is checked.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <returns>The format.</returns>
    public static ImageFormat Detect(ReadOnlySpan<byte> encoded)
    {
        if (encoded.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (encoded.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return ImageFormat.Png;
        }

        if (encoded.Length >= 12 && encoded.StartsWith("RIFF"u8) && encoded[8..].StartsWith("WEBP"u8))
        {
            return ImageFormat.WebP;
        }

        if (encoded.StartsWith("GIF87a"u8) || encoded.StartsWith("GIF89a"u8))
        {
            return ImageFormat.Gif;
        }

        if (encoded.StartsWith("II*\0"u8) || encoded.StartsWith("MM\0*"u8))
        {
            return ImageFormat.Tiff;
        }

        if (RawImage.TryReadHeader(encoded, out _))
        {
            return ImageFormat.Raw;
        }

        return encoded.StartsWith("BM"u8) ? ImageFormat.Bmp : ImageFormat.Unknown;
    }
}
