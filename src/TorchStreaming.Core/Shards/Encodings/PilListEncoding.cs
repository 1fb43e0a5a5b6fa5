// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Lists of uncompressed images: a reserved zero, the count, the lengths, the images as <c>pil</c> stores them.</summary>
/// <remarks>The typed view gives the encoded elements; each reads with the encoding <c>pil</c>.</remarks>
internal sealed class PilListEncoding : FieldEncoding<BlobListView>
{
    private static readonly PilEncoding Element = new();

    public PilListEncoding()
        : base("list[pil]", null)
    {
    }

    /// <inheritdoc/>
    public override BlobListView Read(ReadOnlySpan<byte> bytes) =>
        BlobListEncoding.ReadList(bytes, out var list) is { } problem ? throw Damaged(problem) : list;

    /// <inheritdoc/>
    public override void Write(BlobListView value, IBufferWriter<byte> output)
    {
        BlobListWriter.WriteUInt32(0, output);
        BlobListWriter.Write(value, output);
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes)
    {
        var list = Read(bytes);
        var images = new PilImage[list.Count];
        var i = 0;
        foreach (var element in list)
        {
            images[i++] = Element.Read(element).ToImage();
        }

        return images;
    }

    private protected override void WriteValue(object? value, IBufferWriter<byte> output)
    {
        var images = value as IEnumerable<PilImage> ?? throw WrongType(value, "a list of PilImage");
        var blobs = new List<ReadOnlyMemory<byte>>();
        foreach (var image in images)
        {
            var element = new ArrayBufferWriter<byte>();
            Element.WriteObject(image, element);
            blobs.Add(element.WrittenMemory);
        }

        BlobListWriter.WriteUInt32(0, output);
        BlobListWriter.Write(blobs, output);
    }
}
