// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Makes JPEG decoders over the system's libturbojpeg, the fastest where it is installed.</summary>
internal sealed class TurboJpegDecoderFactory : IImageDecoderFactory
{
    private TurboJpegDecoderFactory()
    {
    }

    /// <summary>Gets the one instance.</summary>
    public static TurboJpegDecoderFactory Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "libturbojpeg";

    /// <inheritdoc/>
    public bool IsAvailable => TurboJpegLibrary.Loaded is not null;

    /// <inheritdoc/>
    public bool Supports(ImageFormat format) => format == ImageFormat.Jpeg;

    /// <inheritdoc/>
    public IImageDecoder Create(ImageDecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TurboJpegDecoder(TurboJpegLibrary.Required, options);
    }
}
