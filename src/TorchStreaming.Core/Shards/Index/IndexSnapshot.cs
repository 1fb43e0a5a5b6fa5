// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>A large index as it is in memory, in a file: read without parsing, and trusted no more than the JSON is.</summary>
/// <remarks>
/// <para>Little-endian: a head (magic, version, the stamp of the JSON, the number of shards and the length of the examples), an
/// <c>index.json</c> with one example of each kind of shard, the kind of each shard (16 bits), a record for each shard
/// (<see cref="ShardTemplate"/>), and the XXH64 of all that.</para>
/// <para>Reading checks every length against the file and every record as the parser checks a shard, so that whatever the file holds, what
/// comes of it is what some JSON could have said.</para>
/// </remarks>
internal static class IndexSnapshot
{
    private const ulong Magic = 0x7865_646E_4953_5401;
    private const int HeadLength = 40;
    private const int TailLength = sizeof(ulong);

    /// <summary>Writes an index whose shards are packed.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="stamp">The JSON that it was read from.</param>
    /// <returns>The file.</returns>
    public static byte[] Write(PackedShards shards, IndexStamp stamp)
    {
        var examples = shards.Examples.Span;
        var kinds = sizeof(ushort) * shards.Count;
        var file = new byte[checked(HeadLength + examples.Length + kinds + shards.Records.Length + TailLength)];
        BinaryPrimitives.WriteUInt64LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(8), stamp.Length);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(16), stamp.Time);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), stamp.Hash);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(32), shards.Count);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(36), examples.Length);
        var rest = file.AsSpan(HeadLength);
        examples.CopyTo(rest);
        rest = rest[examples.Length..];
        foreach (var kind in shards.Kinds)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, kind);
            rest = rest[sizeof(ushort)..];
        }

        shards.Records.CopyTo(rest);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[shards.Records.Length..], XxHash64.HashToUInt64(file.AsSpan(..^TailLength)));
        return file;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="file">The file, which the shards keep.</param>
    /// <param name="stamp">The JSON that it was made of.</param>
    /// <returns>The shards, or <see langword="null"/> when the file is damaged or of another version.</returns>
    public static PackedShards? TryRead(ReadOnlyMemory<byte> file, out IndexStamp stamp)
    {
        stamp = default;
        var bytes = file.Span;
        if (bytes.Length < HeadLength + TailLength || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[^TailLength..]) != XxHash64.HashToUInt64(bytes[..^TailLength]))
        {
            return null;
        }

        stamp = new IndexStamp(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        var (count, exampleLength) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]));
        var body = file[HeadLength..^TailLength];
        return count >= 0 && exampleLength >= 0 && exampleLength + (long)sizeof(ushort) * count <= body.Length
            && TryReadTemplates(body.Span[..exampleLength]) is { } templates
            ? PackedShards.TryCreate(
                templates,
                body[..exampleLength],
                ReadKinds(body.Span.Slice(exampleLength, sizeof(ushort) * count)),
                body[(exampleLength + sizeof(ushort) * count)..])
            : null;
    }

    private static ShardTemplate[]? TryReadTemplates(ReadOnlySpan<byte> examples)
    {
        DatasetIndex index;
        try
        {
            index = DatasetIndex.Parse(examples, DatasetIndex.FileName);
        }
        catch (ShardFormatException)
        {
            return null;
        }

        var templates = new ShardTemplate[index.Shards.Length];
        for (var i = 0; i < templates.Length; i++)
        {
            if (ShardTemplate.TryCreate(index.Shards[i]) is not { } template)
            {
                return null;
            }

            templates[i] = template;
        }

        return templates;
    }

    private static ushort[] ReadKinds(ReadOnlySpan<byte> bytes)
    {
        var kinds = new ushort[bytes.Length / sizeof(ushort)];
        bytes.CopyTo(MemoryMarshal.AsBytes(kinds.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(kinds, kinds);
        }

        return kinds;
    }
}
