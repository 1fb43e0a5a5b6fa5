// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Imaging;

namespace TorchStreaming;

/// <summary>An ordered set of decoder kinds: for each image the first that is available and reads its format decodes it. Immutable and
/// thread-safe.</summary>
public sealed class ImageDecoders
{
    private static ImageDecoders _default = new(
        [TurboJpegDecoderFactory.Instance, RawImageDecoderFactory.Instance, PngDecoderFactory.Instance]);

    /// <summary>Creates a set.</summary>
    /// <param name="factories">The kinds, the most preferred first.</param>
    internal ImageDecoders(ImmutableArray<IImageDecoderFactory> factories)
    {
        Factories = factories.IsDefault ? [] : factories;
    }

    /// <summary>Gets the set that is used where none is given: the system's libturbojpeg, uncompressed pixels, PNG, and
    /// what <see cref="Register"/> added.</summary>
    public static ImageDecoders Default => Volatile.Read(ref _default);

    /// <summary>Gets the kinds, the most preferred first.</summary>
    internal ImmutableArray<IImageDecoderFactory> Factories { get; }

    /// <summary>Adds a kind to <see cref="Default"/>, as the least preferred. Adding an instance again does nothing. Decoders already made
    /// are not touched.</summary>
    /// <param name="factory">The kind.</param>
    internal static void Register(IImageDecoderFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        while (true)
        {
            var current = Default;
            if (current.Factories.Contains(factory)
                || Interlocked.CompareExchange(ref _default, current.With(factory), current) == current)
            {
                return;
            }
        }
    }

    /// <summary>Creates a set with one more kind, the least preferred.</summary>
    /// <param name="factory">The kind.</param>
    /// <returns>The new set.</returns>
    internal ImageDecoders With(IImageDecoderFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new ImageDecoders(Factories.Add(factory));
    }

    /// <summary>Gets whether images of a format can be decoded on this machine.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether a kind that reads it is available.</returns>
    public bool CanDecode(ImageFormat format) => Find(format) is not null;

    /// <summary>Says which formats can be decoded on this machine.</summary>
    /// <returns>The line.</returns>
    public override string ToString() =>
        $"Decoders of {string.Join(", ", Enum.GetValues<ImageFormat>().Where(format => format != ImageFormat.Unknown && CanDecode(format)))}";

    /// <summary>Makes a decoder that passes each image to the first available kind that reads its format.</summary>
    /// <param name="options">The limits; <see langword="null"/> for the default ones.</param>
    /// <returns>The decoder, owned by the caller. An image that no available kind reads is an <see cref="ImageDecodeException"/> that says
    /// what to install.</returns>
    internal IImageDecoder CreateDecoder(ImageDecoderOptions? options = null) =>
        new DispatchingImageDecoder(this, options ?? ImageDecoderOptions.Default);

    internal IImageDecoderFactory? Find(ImageFormat format)
    {
        foreach (var factory in Factories)
        {
            if (factory.Supports(format) && factory.IsAvailable)
            {
                return factory;
            }
        }

        return null;
    }

    /// <summary>Describes why an image has no decoder and what would change that.</summary>
    internal static ImageDecodeException Undecodable(ImageFormat format, ReadOnlySpan<byte> encoded)
    {
        if (format == ImageFormat.Unknown)
        {
            var start = Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)]);
            return new ImageDecodeException($"The {encoded.Length} bytes (starting {start}) are not an image of a known format.");
        }

        var remedies = format == ImageFormat.Jpeg
            ? "Install libturbojpeg (Debian and Ubuntu: package libturbojpeg0), "
                + "or use the package TorchStreaming.Imaging.Skia (part of TorchStreaming) and call SkiaCodecs.Register()."
            : "Use the package TorchStreaming.Imaging.Skia (part of TorchStreaming) and call SkiaCodecs.Register().";
        return new ImageDecodeException($"No decoder for {format} images was found. {remedies}");
    }
}
