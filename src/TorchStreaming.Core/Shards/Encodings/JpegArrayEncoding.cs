// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Lists of JPEG files without a reserved word: the count, the lengths, the files.</summary>
/// <remarks>Upstream writes an empty list but cannot read it; here it reads as empty.</remarks>
internal sealed class JpegArrayEncoding : FieldEncoding<BlobListView>
{
    public JpegArrayEncoding(string name)
        : base(name, null)
    {
    }

    /// <inheritdoc/>
    public override BlobListView Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint))
        {
            throw Damaged($"it has {bytes.Length} bytes.");
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return BlobListView.TryRead(bytes[sizeof(uint)..], count, out var list)
            ? list
            : throw Damaged($"the lengths of its {count} elements do not fit its {bytes.Length} bytes.");
    }

    /// <inheritdoc/>
    public override void Write(BlobListView value, IBufferWriter<byte> output) => BlobListWriter.Write(value, output);

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes).ToArrays();

    private protected override void WriteValue(object? value, IBufferWriter<byte> output) =>
        BlobListWriter.Write(BlobListWriter.FromObject(value) ?? throw WrongType(value, "a list of the files' bytes"), output);
}
