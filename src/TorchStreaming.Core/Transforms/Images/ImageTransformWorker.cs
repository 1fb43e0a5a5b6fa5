// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Transforms;

/// <summary>Carries an <see cref="ImageTransform"/> out, image by image, with decoders and scratch memory of its own. One thread at a
/// time.</summary>
/// <remarks>Scratch memory grows to the largest image and is given back by <see cref="Dispose"/>. Nothing managed is allocated per
/// image.</remarks>
internal sealed class ImageTransformWorker : IDisposable
{
    private readonly ImageDecoderOptions _options;
    private readonly IImageDecoder _decoder;
    private readonly ImageRenderer _renderer;
    private readonly PixelOutput _output;
    private readonly PixelCanvas? _canvas;

    /// <summary>Creates the worker.</summary>
    /// <param name="transform">The transform applied to the images.</param>
    /// <param name="decoders">The decoders; <see langword="null"/> for <see cref="ImageDecoders.Default"/>.</param>
    /// <param name="options">The limits that decoders obey; <see langword="null"/> for the default ones.</param>
    public ImageTransformWorker(ImageTransform transform, ImageDecoders? decoders = null, ImageDecoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        Transform = transform;
        _options = options ?? ImageDecoderOptions.Default;
        _decoder = (decoders ?? ImageDecoders.Default).CreateDecoder(_options);
        _output = PixelOutput.Create(
            ToPixelType(transform.Type), transform.IsChannelsLast, transform.Mean.AsSpan(), transform.Std.AsSpan());
        _canvas = transform.PixelSteps.IsEmpty ? null : new PixelCanvas();
        _renderer = new ImageRenderer(_canvas is null ? _output : new BytePixelOutput(channelsLast: true));
    }

    /// <summary>Gets the transform applied to the images.</summary>
    public ImageTransform Transform { get; }

    /// <summary>Reads an image's header and makes the transform's random choices for it.</summary>
    /// <param name="encoded">The encoded image.</param>
    /// <param name="context">The sample's identity.</param>
    /// <param name="place">What keeps the random numbers of several images of one sample apart; the column's place in a
    /// <see cref="ColumnSet"/>.</param>
    /// <returns>What <see cref="Render"/> needs, with the output's size.</returns>
    /// <exception cref="ImageDecodeException">The image cannot be decoded.</exception>
    /// <remarks>Step k of the chain draws from place <c>place·2³² + k</c>: geometric steps first, then those on pixels, erasing
    /// last.</remarks>
    public PreparedImage Prepare(ReadOnlySpan<byte> encoded, in TransformContext context, int place = 0)
    {
        if (!_decoder.TryReadInfo(encoded, out var info))
        {
            throw ImageDecoders.Undecodable(ImageFormat.Unknown, encoded);
        }

        var geometry = new ImageGeometry(info.Width, info.Height) { Interpolation = Transform.Interpolation };
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

        var size = (geometry.Width, geometry.Height);
        foreach (var step in Transform.PixelSteps)
        {
            size = step.GetSize(size.Width, size.Height);
        }

        return new PreparedImage(info, geometry, size, Transform.IsChannelsLast, new SampleRandomness(context, (long)place << 32));
    }

    /// <summary>Decodes a prepared image and writes the output.</summary>
    /// <param name="encoded">The encoded image, the same that was prepared.</param>
    /// <param name="image">What <see cref="Prepare"/> answered for it.</param>
    /// <param name="destination">Exactly the output's bytes.</param>
    /// <exception cref="ImageDecodeException">The image is truncated or damaged.</exception>
    /// <exception cref="ArgumentException">The destination has another size.</exception>
    public void Render(ReadOnlySpan<byte> encoded, in PreparedImage image, Span<byte> destination)
    {
        if (_canvas is null)
        {
            _renderer.Render(_decoder, encoded, image.Info, image.Geometry, Transform.IsExact, destination);
        }
        else
        {
            RenderPixels(_canvas, encoded, image, destination);
        }

        if (Transform.Erasing is { } erasing)
        {
            var random = image.Randomness.Create(Transform.Steps.Length + Transform.PixelSteps.Length);
            erasing.Fill(erasing.Draw(ref random, image.Width, image.Height), Transform, image.Width, image.Height, destination);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _renderer.Dispose();
        _canvas?.Dispose();
    }

    private void RenderPixels(PixelCanvas canvas, ReadOnlySpan<byte> encoded, in PreparedImage image, Span<byte> destination)
    {
        var size = checked((long)image.Width * image.Height * 3 * _output.ElementSize);
        if (destination.Length != size)
        {
            throw new ArgumentException($"The output takes {size} bytes; the destination has {destination.Length}.", nameof(destination));
        }

        var (info, geometry) = (image.Info, image.Geometry);
        _renderer.Render(_decoder, encoded, info, geometry, Transform.IsExact, canvas.Begin(geometry.Width, geometry.Height));
        for (var i = 0; i < Transform.PixelSteps.Length; i++)
        {
            var random = image.Randomness.Create(Transform.Steps.Length + i);
            Transform.PixelSteps[i].Apply(canvas, ref random);
        }

        var pixels = canvas.Pixels;
        var stride = canvas.Width * 3;
        for (var y = 0; y < canvas.Height; y++)
        {
            _output.WriteRow(pixels.Slice(y * stride, stride), y, canvas.Height, destination);
        }
    }

    private static PixelType ToPixelType(ElementType type) => type switch
    {
        ElementType.UInt8 => PixelType.UInt8,
        ElementType.Float16 => PixelType.Float16,
        ElementType.BFloat16 => PixelType.BFloat16,
        _ => PixelType.Float32,
    };
}
