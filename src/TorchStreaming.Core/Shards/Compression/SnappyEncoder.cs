// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;

namespace TorchStreaming.Shards;

/// <summary>Encodes snappy's raw block format. Content is taken in fragments of 64 KiB, so that every copy's offset fits two
/// bytes.</summary>
internal static class SnappyEncoder
{
    private const int FragmentLength = 1 << 16;
    private const int TableBits = 14;

    /// <summary>Compresses content into one block.</summary>
    /// <param name="content">The content.</param>
    /// <param name="output">Receives the block.</param>
    public static void Encode(ReadOnlySpan<byte> content, Stream output)
    {
        var rest = (uint)content.Length;
        for (; rest >= 0x80; rest >>= 7)
        {
            output.WriteByte((byte)(rest | 0x80));
        }

        output.WriteByte((byte)rest);
        var table = new ushort[1 << TableBits];
        using var fragment = new MemoryStream();
        while (!content.IsEmpty)
        {
            var length = Math.Min(content.Length, FragmentLength);
            fragment.SetLength(0);
            EncodeFragment(content[..length], table, fragment);
            output.Write(fragment.GetBuffer().AsSpan(0, (int)fragment.Length));
            content = content[length..];
        }
    }

    private static void EncodeFragment(ReadOnlySpan<byte> content, ushort[] table, MemoryStream output)
    {
        Array.Clear(table);
        var literalStart = 0;
        var at = 1;
        var misses = 32;
        while (at + sizeof(uint) <= content.Length)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(content[at..]);
            ref var slot = ref table[(word * 0x1E35A7BD) >> (32 - TableBits)];
            int candidate = slot;
            slot = (ushort)at;
            if (candidate >= at || BinaryPrimitives.ReadUInt32LittleEndian(content[candidate..]) != word)
            {
                // The longer nothing matches, the larger the steps: what does not compress costs little.
                at += misses++ >> 5;
                continue;
            }

            var length = sizeof(uint) + content[(at + sizeof(uint))..].CommonPrefixLength(content[(candidate + sizeof(uint))..]);
            WriteLiteral(content[literalStart..at], output);
            WriteCopies(at - candidate, length, output);
            at += length;
            literalStart = at;
            misses = 32;
        }

        WriteLiteral(content[literalStart..], output);
    }

    private static void WriteLiteral(ReadOnlySpan<byte> literal, MemoryStream output)
    {
        if (literal.IsEmpty)
        {
            return;
        }

        var code = (uint)literal.Length - 1;
        if (code < 60)
        {
            output.WriteByte((byte)(code << 2));
        }
        else
        {
            var bytes = (BitOperations.Log2(code) / 8) + 1;
            output.WriteByte((byte)((59 + bytes) << 2));
            for (var i = 0; i < bytes; i++)
            {
                output.WriteByte((byte)(code >> (8 * i)));
            }
        }

        output.Write(literal);
    }

    private static void WriteCopies(int offset, int length, MemoryStream output)
    {
        while (length > 0)
        {
            // A rest of fewer than four bytes could not be a short copy, which costs nothing here since all copies have two-byte offsets.
            var count = Math.Min(length, 64);
            output.WriteByte((byte)(((count - 1) << 2) | 2));
            output.WriteByte((byte)offset);
            output.WriteByte((byte)(offset >> 8));
            length -= count;
        }
    }
}
