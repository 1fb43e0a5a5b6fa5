// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Uncompressed images of Pillow: width, height, length of the mode's name, the name, the pixels.</summary>
internal sealed class PilEncoding : FieldEncoding<PilImageView>
{
    private const int HeadLength = 3 * sizeof(uint);

    /// <summary>Pillow's longest mode name has seven characters.</summary>
    private const int MaxModeLength = 32;

    public PilEncoding()
        : base("pil", null)
    {
    }

    /// <inheritdoc/>
    public override PilImageView Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength)
        {
            throw Damaged($"it has {bytes.Length} bytes.");
        }

        long width = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        long height = BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
        long modeLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(2 * sizeof(uint))..]);
        if (modeLength is 0 or > MaxModeLength || modeLength > bytes.Length - HeadLength || width > int.MaxValue || height > int.MaxValue)
        {
            throw Damaged($"its header says {width} by {height} pixels and a mode of {modeLength} characters.");
        }

        var mode = bytes.Slice(HeadLength, (int)modeLength);
        var pixels = bytes[(HeadLength + (int)modeLength)..];
        Span<char> name = stackalloc char[MaxModeLength];
        name = name[..Encoding.Latin1.GetChars(mode, name)];
        if (PilModes.GetByteCount(name, width, height) is { } expected && expected != pixels.Length)
        {
            throw Damaged($"its {pixels.Length} bytes are not {width} by {height} pixels of mode '{name}'.");
        }

        return new PilImageView(width, height, mode, pixels);
    }

    /// <inheritdoc/>
    public override void Write(PilImageView value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var mode = Encoding.ASCII.GetBytes(value.Mode);
        var head = output.GetSpan(HeadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head, checked((uint)value.Width));
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], checked((uint)value.Height));
        BinaryPrimitives.WriteUInt32LittleEndian(head[(2 * sizeof(uint))..], (uint)mode.Length);
        output.Advance(HeadLength);
        output.Write(mode);
        output.Write(value.Pixels);
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes).ToImage();

    private protected override void WriteValue(object? value, IBufferWriter<byte> output)
    {
        var image = value as PilImage ?? throw WrongType(value, "a PilImage");
        Write(new PilImageView(image.Width, image.Height, Encoding.ASCII.GetBytes(image.Mode), image.Pixels.Span), output);
    }
}
