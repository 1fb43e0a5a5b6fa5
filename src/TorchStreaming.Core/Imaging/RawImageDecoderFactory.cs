// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Makes decoders for uncompressed pixels; see <see cref="RawImage"/>.</summary>
internal sealed class RawImageDecoderFactory : IImageDecoderFactory
{
    private RawImageDecoderFactory()
    {
    }

    /// <summary>Gets the one instance.</summary>
    public static RawImageDecoderFactory Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "raw pixels";

    /// <inheritdoc/>
    public bool IsAvailable => true;

    /// <inheritdoc/>
    public bool Supports(ImageFormat format) => format == ImageFormat.Raw;

    /// <inheritdoc/>
    public IImageDecoder Create(ImageDecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RawImageDecoder(options);
    }
}
