// SPDX-License-Identifier: MIT

using SkiaSharp;

namespace TorchStreaming.Imaging;

/// <summary>Makes decoders that use SkiaSharp: JPEG, PNG, WebP, GIF and BMP without a library of the system.</summary>
/// <remarks>Immutable and thread-safe. <see cref="SkiaCodecs.Register"/> puts it after libturbojpeg, which is faster on x86-64.</remarks>
internal sealed class SkiaImageDecoderFactory : IImageDecoderFactory
{
    private readonly Lazy<bool> _isAvailable = new(Probe);

    private SkiaImageDecoderFactory()
    {
    }

    /// <summary>Gets the one instance.</summary>
    public static SkiaImageDecoderFactory Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "SkiaSharp";

    /// <inheritdoc/>
    public bool IsAvailable => _isAvailable.Value;

    /// <inheritdoc/>
    public bool Supports(ImageFormat format) =>
        format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.WebP or ImageFormat.Gif or ImageFormat.Bmp;

    /// <inheritdoc/>
    public IImageDecoder Create(ImageDecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return IsAvailable
            ? new SkiaImageDecoder(options)
            : throw new InvalidOperationException(
                "SkiaSharp's native library was not found. "
                + "On Linux, reference SkiaSharp.NativeAssets.Linux.NoDependencies in the application.");
    }

    // The managed package restores without its native library; every use of it then ends in one of these.
    private static bool Probe()
    {
        try
        {
            return SkiaSharpVersion.CheckNativeLibraryCompatible();
        }
        catch (Exception exception) when (
            exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }
}
