// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Tells whether bytes are an image of the format that a conversion stores. Headers and structure are checked; pixels are not
/// decoded.</summary>
internal sealed class ImageCheck : IDisposable
{
    private readonly ImageFormat _format;
    private readonly IImageDecoder? _decoder;

    /// <summary>Creates the check.</summary>
    /// <param name="format">The format that is wanted.</param>
    public ImageCheck(ImageFormat format)
    {
        _format = format;
        _decoder = ImageDecoders.Default.CanDecode(_format) ? ImageDecoders.Default.CreateDecoder() : null;
    }

    /// <summary>Looks for a reason to refuse an image.</summary>
    /// <param name="encoded">The file.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    /// <exception cref="ImageDecodeException">What is wrong, found by the decoder.</exception>
    public string? Find(ReadOnlySpan<byte> encoded)
    {
        var format = ImageFormats.Detect(encoded);
        if (format != _format)
        {
            var found = format switch
            {
                ImageFormat.Unknown => "no image of a known format",
                ImageFormat.Raw => "raw pixels",
                _ => $"a {format.ToString().ToUpperInvariant()} image",
            };
            return $"The file is {found}, where only {Describe()} are stored.";
        }

        if (format == ImageFormat.Jpeg && !JpegMarkers.ReachesEnd(encoded))
        {
            return "The JPEG file ends too early or its markers are damaged.";
        }

        return _decoder is null || _decoder.TryReadInfo(encoded, out _) ? null : "The image's header is damaged.";
    }

    private string Describe() => _format == ImageFormat.Raw ? "raw pixels" : $"{_format.ToString().ToUpperInvariant()} files";

    /// <inheritdoc/>
    public void Dispose() => _decoder?.Dispose();
}
