// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Decodes snappy's raw block format: the content's length, then literals and copies from what was decoded before.</summary>
internal static class SnappyDecoder
{
    /// <summary>A copy of 64 bytes takes three, so content is never more than this many times as long as its block.</summary>
    private const long MaxExpansion = 22;

    /// <summary>Decodes a block.</summary>
    /// <param name="block">The block.</param>
    /// <returns>The content.</returns>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> block)
    {
        var length = ReadLength(ref block);
        if (length > MaxExpansion * block.Length || length > Array.MaxLength)
        {
            throw Damaged($"a block of {block.Length} bytes cannot hold {length}.");
        }

        var content = new byte[length];
        var written = 0;
        while (!block.IsEmpty)
        {
            var tag = block[0];
            block = block[1..];
            written += (tag & 3) == 0
                ? CopyLiteral(tag >> 2, ref block, content.AsSpan(written))
                : CopyBack(tag, ref block, content, written);
        }

        return written == content.Length ? content : throw Damaged($"it has {written} bytes of {length}.");
    }

    private static long ReadLength(ref ReadOnlySpan<byte> block)
    {
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (block.IsEmpty)
            {
                break;
            }

            var unit = block[0];
            block = block[1..];
            length |= (long)(unit & 0x7F) << shift;
            if (unit < 0x80)
            {
                return length <= uint.MaxValue ? length : throw Damaged("its length is damaged.");
            }
        }

        throw Damaged("its length is damaged.");
    }

    private static int CopyLiteral(int code, ref ReadOnlySpan<byte> block, Span<byte> content)
    {
        var length = code + 1L;
        if (code >= 60)
        {
            length = Read(ref block, code - 59) + 1L;
        }

        if (length > block.Length || length > content.Length)
        {
            throw Damaged("a literal is longer than what is left.");
        }

        block[..(int)length].CopyTo(content);
        block = block[(int)length..];
        return (int)length;
    }

    private static int CopyBack(byte tag, ref ReadOnlySpan<byte> block, Span<byte> content, int written)
    {
        var kind = tag & 3;
        var length = kind == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
        long offset = kind == 1 ? ((long)(tag >> 5) << 8) | Read(ref block, 1) : Read(ref block, kind == 2 ? 2 : 4);
        if (offset == 0 || offset > written || length > content.Length - written)
        {
            throw Damaged("a copy reaches outside the content.");
        }

        var from = written - (int)offset;
        if (offset >= length)
        {
            content.Slice(from, length).CopyTo(content[written..]);
        }
        else
        {
            // The copy reads what it writes: a short run is repeated.
            for (var i = 0; i < length; i++)
            {
                content[written + i] = content[from + i];
            }
        }

        return length;
    }

    private static uint Read(ref ReadOnlySpan<byte> block, int count)
    {
        if (block.Length < count)
        {
            throw Damaged("it is cut off.");
        }

        Span<byte> number = stackalloc byte[sizeof(uint)];
        number.Clear();
        block[..count].CopyTo(number);
        block = block[count..];
        return BinaryPrimitives.ReadUInt32LittleEndian(number);
    }

    private static InvalidDataException Damaged(string problem) => new($"snappy: the block is damaged: {problem}");
}
