// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>One header block of a tar, as it is in the file.</summary>
/// <remarks>The fields, all in bytes: name 0–99, size 124–135, checksum 148–155, type 156, magic 257–264, prefix 345–499.</remarks>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    /// <summary>The unit of a tar: headers take one block, contents are filled up to whole blocks.</summary>
    public const int BlockSize = 512;

    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;

    private readonly ReadOnlySpan<byte> _block = block[..BlockSize];

    /// <summary>Gets the type flag, a letter or digit; 0 in the oldest tars.</summary>
    public byte Type => _block[156];

    /// <summary>Gets the name field up to its first zero.</summary>
    public ReadOnlySpan<byte> Name => UpToZero(_block[..100]);

    /// <summary>Gets what goes before the name, in ustar headers alone: GNU's keep times in its place.</summary>
    public ReadOnlySpan<byte> Prefix => _block[257..263].SequenceEqual("ustar\0"u8) ? UpToZero(_block[345..500]) : [];

    /// <summary>Says whether a block is all zeros, which ends a tar.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> block) => !block[..BlockSize].ContainsAnyExcept((byte)0);

    /// <summary>Gets the space that content takes, whole blocks.</summary>
    public static long Padded(long size) => checked(size + BlockSize - 1) & -BlockSize;

    /// <summary>Cuts text at its first zero.</summary>
    public static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> text) => text.IndexOf((byte)0) is var end and >= 0 ? text[..end] : text;

    /// <summary>Writes a ustar header that tells nothing of its time and place: mode 644, no user, time 0.</summary>
    /// <param name="block">Receives the block.</param>
    /// <param name="name">At most 100 bytes.</param>
    /// <param name="size">The size of the content, below 8 GiB.</param>
    /// <param name="type">The type flag.</param>
    public static void Write(Span<byte> block, ReadOnlySpan<byte> name, long size, byte type)
    {
        block = block[..BlockSize];
        block.Clear();
        name.CopyTo(block[..100]);
        "0000644\0"u8.CopyTo(block[100..]);
        "0000000\0"u8.CopyTo(block[108..]);
        "0000000\0"u8.CopyTo(block[116..]);
        WriteOctal(block[124..135], size);
        WriteOctal(block[136..147], 0);
        block[156] = type;
        "ustar\000"u8.CopyTo(block[257..]);
        block.Slice(ChecksumOffset, ChecksumLength).Fill((byte)' ');
        WriteOctal(block.Slice(ChecksumOffset, 6), Sum(block));
        block[ChecksumOffset + 6] = 0;
    }

    /// <summary>Compares the block with its checksum: the sum of its bytes, with spaces in the checksum's place. Some old programs added
    /// signed bytes.</summary>
    public bool HasValidChecksum()
    {
        var field = _block.Slice(ChecksumOffset, ChecksumLength);
        if (!TryParseNumber(field, out var expected))
        {
            return false;
        }

        var sum = Sum(_block) - Sum(field) + (ChecksumLength * ' ');
        if (sum == expected)
        {
            return true;
        }

        foreach (var value in _block)
        {
            sum -= value >= 128 ? 256 : 0;
        }

        foreach (var value in field)
        {
            sum += value >= 128 ? 256 : 0;
        }

        return sum == expected;
    }

    /// <summary>Reads the size: octal digits, or a big-endian number after a byte 0x80 for what octal digits cannot say.</summary>
    /// <returns>Whether it is a number from 0 to <see cref="long.MaxValue"/>.</returns>
    public bool TryGetSize(out long size) => TryParseNumber(_block[124..136], out size);

    private static bool TryParseNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            foreach (var next in field[1..])
            {
                if (value > long.MaxValue >> 8)
                {
                    return false;
                }

                value = (value << 8) | next;
            }

            return field[0] == 0x80;
        }

        var digits = field.TrimStart((byte)' ');
        var count = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'7');
        count = count < 0 ? digits.Length : count;
        foreach (var digit in digits[..count])
        {
            value = (value << 3) | (long)(digit - '0');
        }

        return !digits[count..].ContainsAnyExcept((byte)' ', (byte)0);
    }

    private static void WriteOctal(Span<byte> field, long value)
    {
        for (var i = field.Length - 1; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    /// <summary>Adds bytes up, eight at a time in four sums of 16 bits, none of which can overflow within a block.</summary>
    private static long Sum(ReadOnlySpan<byte> bytes)
    {
        const ulong Even = 0x00FF_00FF_00FF_00FF;
        var sums = 0UL;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            sums += (eight & Even) + ((eight >> 8) & Even);
        }

        return (long)((sums & 0xFFFF) + ((sums >> 16) & 0xFFFF) + ((sums >> 32) & 0xFFFF) + (sums >> 48));
    }
}
