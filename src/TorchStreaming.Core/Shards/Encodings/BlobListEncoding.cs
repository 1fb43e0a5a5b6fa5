// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Lists of JPEG or PNG files: a reserved zero, the count, the lengths, the files.</summary>
internal sealed class BlobListEncoding : FieldEncoding<BlobListView>
{
    private const int HeadLength = 2 * sizeof(uint);

    public BlobListEncoding(string name)
        : base(name, null)
    {
    }

    /// <inheritdoc/>
    public override BlobListView Read(ReadOnlySpan<byte> bytes) =>
        ReadList(bytes, out var list) is { } problem ? throw Damaged(problem) : list;

    /// <inheritdoc/>
    public override void Write(BlobListView value, IBufferWriter<byte> output)
    {
        BlobListWriter.WriteUInt32(0, output);
        BlobListWriter.Write(value, output);
    }

    /// <inheritdoc/>
    public override object ReadObject(ReadOnlySpan<byte> bytes) => Read(bytes).ToArrays();

    private protected override void WriteValue(object? value, IBufferWriter<byte> output)
    {
        var blobs = BlobListWriter.FromObject(value) ?? throw WrongType(value, "a list of the files' bytes");
        BlobListWriter.WriteUInt32(0, output);
        BlobListWriter.Write(blobs, output);
    }

    /// <summary>Reads the head and the lengths.</summary>
    /// <returns><see langword="null"/>, or what is wrong.</returns>
    internal static string? ReadList(ReadOnlySpan<byte> bytes, out BlobListView list)
    {
        list = default;
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != 0)
        {
            return "it does not start with a list's head.";
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
        return BlobListView.TryRead(bytes[HeadLength..], count, out list)
            ? null
            : $"the lengths of its {count} elements do not fit its {bytes.Length} bytes.";
    }
}
