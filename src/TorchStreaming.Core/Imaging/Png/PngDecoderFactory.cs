// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Makes decoders for PNG images that need no library of the system: all color types, depths and interlacing.</summary>
/// <remarks>Sixteen-bit values are reduced to their upper byte, and alpha is left out. Checksums and sizes are checked.</remarks>
internal sealed class PngDecoderFactory : IImageDecoderFactory
{
    private PngDecoderFactory()
    {
    }

    /// <summary>Gets the one instance.</summary>
    public static PngDecoderFactory Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "PNG";

    /// <inheritdoc/>
    public bool IsAvailable => true;

    /// <inheritdoc/>
    public bool Supports(ImageFormat format) => format == ImageFormat.Png;

    /// <inheritdoc/>
    public IImageDecoder Create(ImageDecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PngDecoder(options);
    }
}
