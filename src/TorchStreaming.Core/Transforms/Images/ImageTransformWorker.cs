// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>Carries an <see cref="ImageTransform"/> out, image by image, with decoders and scratch memory of its own. One thread at a
/// time.</summary>
/// <remarks>Scratch memory grows to the largest image and is given back by <see cref="Dispose"/>. Nothing managed is allocated per
/// image.</remarks>
public sealed class ImageTransformWorker : IDisposable
{
    private readonly ImageDecoderOptions _options;
    private readonly IImageDecoder _decoder;
    private readonly ImageRenderer _renderer;

    /// <summary>Creates the worker.</summary>
    /// <param name="transform">What becomes of the images.</param>
    /// <param name="decoders">The decoders; <see langword="null"/> for <see cref="ImageDecoders.Default"/>.</param>
    /// <param name="options">The limits that decoders obey; <see langword="null"/> for the default ones.</param>
    public ImageTransformWorker(ImageTransform transform, ImageDecoders? decoders = null, ImageDecoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        Transform = transform;
        _options = options ?? ImageDecoderOptions.Default;
        _decoder = (decoders ?? ImageDecoders.Default).CreateDecoder(_options);
        _renderer = new ImageRenderer(PixelOutput.Create(
            ToPixelType(transform.Type), transform.IsChannelsLast, transform.Mean.AsSpan(), transform.Std.AsSpan()));
    }

    /// <summary>Gets what becomes of the images.</summary>
    public ImageTransform Transform { get; }

    /// <summary>Reads an image's header and makes the transform's random choices for it.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="context">The sample's identity.</param>
    /// <param name="place">What keeps the random numbers of several images of one sample apart; the column's place in a
    /// <see cref="ColumnSet"/>.</param>
    /// <returns>What <see cref="Render"/> needs, with the output's size.</returns>
    /// <exception cref="ImageDecodeException">The image cannot be decoded.</exception>
    /// <remarks>Step k of the chain draws from place <c>place·2³² + k</c>.</remarks>
    public PreparedImage Prepare(ReadOnlySpan<byte> encoded, in TransformContext context, int place = 0)
    {
        if (!_decoder.TryReadInfo(encoded, out var info))
        {
            throw ImageDecoders.Undecodable(ImageFormat.Unknown, encoded);
        }

        var geometry = new ImageGeometry(info.Width, info.Height);
        var steps = Transform.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i].Apply(ref geometry, context, ((long)place << 32) + i);
        }

        var fixedArea = (long)(Transform.OutputWidth ?? 0) * (Transform.OutputHeight ?? 0);
        if (geometry.Width < 1 || geometry.Height < 1 || (long)geometry.Width * geometry.Height > Math.Max(_options.MaxPixels, fixedArea))
        {
            throw new ImageDecodeException(
                $"An image of {info.Width}x{info.Height} pixels would become one of {geometry.Width}x{geometry.Height}.");
        }

        return new PreparedImage(info, geometry, Transform.IsChannelsLast);
    }

    /// <summary>Decodes a prepared image and writes the output.</summary>
    /// <param name="encoded">The encoded image, the same that was prepared.</param>
    /// <param name="image">What <see cref="Prepare"/> answered for it.</param>
    /// <param name="destination">Exactly the output's bytes.</param>
    /// <exception cref="ImageDecodeException">The image is truncated or damaged.</exception>
    /// <exception cref="ArgumentException">The destination has another size.</exception>
    public void Render(ReadOnlySpan<byte> encoded, in PreparedImage image, Span<byte> destination) =>
        _renderer.Render(_decoder, encoded, image.Info, image.Geometry, Transform.IsExact, destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _renderer.Dispose();
    }

    private static PixelType ToPixelType(ElementType type) => type switch
    {
        ElementType.UInt8 => PixelType.UInt8,
        ElementType.Float16 => PixelType.Float16,
        ElementType.BFloat16 => PixelType.BFloat16,
        _ => PixelType.Float32,
    };
}
