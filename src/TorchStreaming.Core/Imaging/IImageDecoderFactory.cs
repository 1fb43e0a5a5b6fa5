// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Makes decoders of one kind. Immutable and thread-safe.</summary>
internal interface IImageDecoderFactory
{
    /// <summary>Gets the decoder's name for messages and statistics, for example <c>libturbojpeg</c>.</summary>
    string Name { get; }

    /// <summary>Gets whether decoders can be made on this machine, that is, whether the library they need was found.</summary>
    bool IsAvailable { get; }

    /// <summary>Gets whether decoders of this kind read a format.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether they do.</returns>
    bool Supports(ImageFormat format);

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The limits that it obeys.</param>
    /// <returns>The decoder, owned by the caller.</returns>
    /// <exception cref="InvalidOperationException"><see cref="IsAvailable"/> is <see langword="false"/>.</exception>
    IImageDecoder Create(ImageDecoderOptions options);
}
