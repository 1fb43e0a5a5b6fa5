// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Writes the count, the lengths and the elements of a list of runs of bytes.</summary>
internal static class BlobListWriter
{
    public static void Write(IReadOnlyList<ReadOnlyMemory<byte>> blobs, IBufferWriter<byte> output)
    {
        WriteUInt32((uint)blobs.Count, output);
        for (var i = 0; i < blobs.Count; i++)
        {
            WriteUInt32((uint)blobs[i].Length, output);
        }

        for (var i = 0; i < blobs.Count; i++)
        {
            output.Write(blobs[i].Span);
        }
    }

    public static void Write(BlobListView blobs, IBufferWriter<byte> output)
    {
        WriteUInt32((uint)blobs.Count, output);
        output.Write(blobs.Lengths);
        output.Write(blobs.Blobs);
    }

    public static void WriteUInt32(uint value, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), value);
        output.Advance(sizeof(uint));
    }

    /// <summary>Takes an object for a list of runs of bytes.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? FromObject(object? value) => value switch
    {
        IReadOnlyList<ReadOnlyMemory<byte>> list => list,
        IEnumerable<byte[]> arrays => [.. arrays.Select(static array => new ReadOnlyMemory<byte>(array))],
        IEnumerable<ReadOnlyMemory<byte>> memories => [.. memories],
        _ => null,
    };
}
