// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Collections;
using TorchStreaming.Imaging;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>How bytes become tensors, by the extension of their name: what follows its last dot, in whatever case. What has no decoder stays
/// bytes: a tensor of <c>uint8</c> with one dimension.</summary>
/// <remarks>Decoders are called by several threads at a time. Fill it before it is used: <c>new() { { "cls", AISDecoders.Integer } }</c>.</remarks>
public sealed class AISDecoders : IEnumerable<string>
{
    private readonly Dictionary<string, Func<ReadOnlyMemory<byte>, Tensor>> _decoders = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the decoders that leave everything as bytes.</summary>
    public static AISDecoders RawBytes { get; } = [];

    /// <summary>Adds a decoder.</summary>
    /// <param name="extension">The extension, with or without a dot before it.</param>
    /// <param name="decoder">Makes a tensor that shares no memory with the bytes.</param>
    /// <exception cref="ArgumentException">The extension has a decoder already.</exception>
    public void Add(string extension, Func<ReadOnlyMemory<byte>, Tensor> decoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(extension);
        ArgumentNullException.ThrowIfNull(decoder);
        _decoders.Add(extension.TrimStart('.'), decoder);
    }

    /// <summary>Makes a tensor of bytes.</summary>
    /// <param name="content">The bytes.</param>
    /// <returns><c>uint8</c>, shape (length).</returns>
    public static Tensor Bytes(ReadOnlyMemory<byte> content) => tensor(content.ToArray(), ScalarType.Byte);

    /// <summary>Makes a tensor of a number written in decimal digits, such as the class in a <c>.cls</c>.</summary>
    /// <param name="content">The digits; blanks and line ends around them do not matter.</param>
    /// <returns><c>int64</c> without a dimension.</returns>
    /// <exception cref="FormatException">The bytes are no such number.</exception>
    public static Tensor Integer(ReadOnlyMemory<byte> content)
    {
        var digits = content.Span.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length
            ? tensor(value, ScalarType.Int64)
            : throw new FormatException("The bytes are no number in decimal digits.");
    }

    /// <summary>Makes a tensor of an encoded image.</summary>
    /// <param name="content">The image: JPEG, PNG and what else there is a decoder for.</param>
    /// <returns><c>uint8</c>, shape (3, height, width).</returns>
    /// <exception cref="ImageDecodeException">The bytes are no image that can be decoded.</exception>
    public static Tensor Image(ReadOnlyMemory<byte> content)
    {
        using var decoder = ImageDecoders.Default.CreateDecoder();
        if (!decoder.TryReadInfo(content.Span, out var info))
        {
            throw new FormatException("The bytes are no image of a known format.");
        }

        var plan = decoder.Plan(content.Span, info, new PixelRectangle(0, 0, info.Width, info.Height), 1);
        var pixels = new byte[plan.Size];
        decoder.Decode(content.Span, plan, pixels);
        using var rows = tensor(pixels, [plan.Rectangle.Height, plan.Rectangle.Width, plan.BytesPerPixel], ScalarType.Byte);
        using var colors = rows.narrow(2, 0, 3);
        using var planes = colors.permute(2, 0, 1);
        return planes.contiguous();
    }

    /// <summary>Makes a tensor of bytes with the decoder for a name.</summary>
    /// <param name="name">The name, or an extension.</param>
    /// <param name="content">The bytes; without any, an empty tensor of bytes comes back whatever the decoder.</param>
    /// <returns>The tensor.</returns>
    public Tensor Decode(string name, ReadOnlyMemory<byte> content)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !content.IsEmpty && _decoders.TryGetValue(name[(name.LastIndexOf('.') + 1)..], out var decoder) ? decoder(content) : Bytes(content);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        _decoders.Count == 0 ? "all bytes as they are" : $"decoders of {string.Join(", ", _decoders.Keys)}; other bytes as they are";

    /// <summary>Goes through the extensions that have a decoder.</summary>
    /// <returns>The extensions.</returns>
    public IEnumerator<string> GetEnumerator() => _decoders.Keys.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
