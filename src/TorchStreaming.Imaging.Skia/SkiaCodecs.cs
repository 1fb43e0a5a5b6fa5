// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>Makes SkiaSharp decode and encode what no library of the system does.</summary>
public static class SkiaCodecs
{
    /// <summary>Adds SkiaSharp to <see cref="ImageDecoders.Default"/>, after libturbojpeg, and to <see cref="JpegEncoder"/> where
    /// libturbojpeg is not. Further calls do nothing. Thread-safe. No native library is loaded before it is needed.</summary>
    /// <remarks>The package TorchStreaming calls it before any other code of its own runs; a program that uses only the engine's types
    /// calls it once at its start.</remarks>
    public static void Register()
    {
        ImageDecoders.Register(SkiaImageDecoderFactory.Instance);
        JpegEncoder.Register(SkiaPortableJpeg.Instance);
    }

    private sealed class SkiaPortableJpeg : IPortableJpeg
    {
        public static readonly SkiaPortableJpeg Instance = new();

        public bool IsAvailable => SkiaImageDecoderFactory.Instance.IsAvailable;

        public IJpegEncoding CreateEncoding(int quality, JpegSubsampling subsampling) => new SkiaJpegEncoder(quality, subsampling);
    }
}
