// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>What the datasets of images have in common.</summary>
public abstract record ImageDatasetOptions : NamedDatasetOptions
{
    private protected ImageDatasetOptions()
    {
    }

    /// <summary>Gets the image decoders.</summary>
    /// <value>The default is <see cref="ImageDecoders.Default"/>.</value>
    public ImageDecoders Decoders { get; init; } = ImageDecoders.Default;

    /// <summary>Gets the most pixels that an image may have.</summary>
    /// <value>The default is <see cref="ImageDecoderOptions.DefaultMaxPixels"/>.</value>
    public long MaxPixels { get; init; } = ImageDecoderOptions.DefaultMaxPixels;
}
