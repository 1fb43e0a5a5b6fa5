// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Decodes region R of an image at no less than scale s into memory of the caller.</summary>
/// <remarks>
/// <para>The calls of one image are <see cref="TryReadInfo"/>, <see cref="Plan"/>, <see cref="Decode"/>, with the same bytes. A decoder
/// that can only deliver whole images plans the whole image; one that can crop plans as little as covers the region. Neither call allocates
/// managed memory per image, but for some 300 bytes of the stream that inflates a PNG image.</para>
/// <para>Pixels are 8-bit R, G, B. Gray is spread over the three; CMYK is converted as Pillow's <c>convert("RGB")</c> does; alpha is not
/// multiplied in; orientation tags and color profiles are ignored, as Pillow and torchvision do by default.</para>
/// <para>Decoders are strict: an image that ends early is an error, never half an image.</para>
/// <para>One thread at a time uses an instance; different instances are independent.</para>
/// </remarks>
internal interface IImageDecoder : IDisposable
{
    /// <summary>Reads an image's header.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="info">What the header says.</param>
    /// <returns><see langword="false"/> when the bytes are not of a format that this decoder reads.</returns>
    /// <exception cref="ImageDecodeException">The format is right, but the header is damaged or exceeds
    /// <see cref="ImageDecoderOptions.MaxPixels"/>.</exception>
    bool TryReadInfo(ReadOnlySpan<byte> encoded, out ImageInfo info);

    /// <summary>Says what <see cref="Decode"/> will deliver for a region.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="info">What <see cref="TryReadInfo"/> said about it.</param>
    /// <param name="region">The region that is needed, in full-size pixels, inside the image and not empty.</param>
    /// <param name="minimumScale">The minimum scale that will do, above 0; 1 asks for full size. The delivered scale is never less, and never
    /// above 1.</param>
    /// <returns>The plan.</returns>
    ImageDecodePlan Plan(ReadOnlySpan<byte> encoded, in ImageInfo info, PixelRectangle region, double minimumScale);

    /// <summary>Decodes.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="plan">What <see cref="Plan"/> answered for it.</param>
    /// <param name="destination">At least <see cref="ImageDecodePlan.Size"/> bytes, filled row by row.</param>
    /// <exception cref="ImageDecodeException">The image is truncated or damaged.</exception>
    void Decode(ReadOnlySpan<byte> encoded, in ImageDecodePlan plan, Span<byte> destination);
}
