// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text;

namespace TorchStreaming.Storage;

/// <summary>Reads MessagePack from memory: as much of it as listings use, and past all the rest. Bad input is an
/// <see cref="InvalidDataException"/>.</summary>
internal ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;

    private ReadOnlySpan<byte> _rest = bytes;

    public int ReadMapHeader()
    {
        var head = ReadByte();
        return head switch
        {
            >= 0x80 and <= 0x8f => head & 0x0f,
            0xde => (int)ReadBigEndian(2),
            0xdf => CheckCount(ReadBigEndian(4), 2),
            0xc0 => 0,
            _ => throw Unexpected(head, "a map"),
        };
    }

    public int ReadArrayHeader()
    {
        var head = ReadByte();
        return head switch
        {
            >= 0x90 and <= 0x9f => head & 0x0f,
            0xdc => (int)ReadBigEndian(2),
            0xdd => CheckCount(ReadBigEndian(4), 1),
            0xc0 => 0,
            _ => throw Unexpected(head, "an array"),
        };
    }

    /// <summary>Reads a text, or one written as bytes.</summary>
    public string ReadString()
    {
        var head = ReadByte();
        var length = head switch
        {
            >= 0xa0 and <= 0xbf => (ulong)(head & 0x1f),
            0xd9 or 0xc4 => ReadBigEndian(1),
            0xda or 0xc5 => ReadBigEndian(2),
            0xdb or 0xc6 => ReadBigEndian(4),
            0xc0 => 0UL,
            _ => throw Unexpected(head, "a text"),
        };
        return Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads an integer of any width.</summary>
    public long ReadInteger()
    {
        var head = ReadByte();
        return head switch
        {
            <= 0x7f => head,
            >= 0xe0 => (sbyte)head,
            0xcc => (long)ReadBigEndian(1),
            0xcd => (long)ReadBigEndian(2),
            0xce => (long)ReadBigEndian(4),
            0xcf => ReadBigEndian(8) is var wide and <= long.MaxValue ? (long)wide : throw Unexpected(head, "an integer of 63 bits"),
            0xd0 => (sbyte)ReadBigEndian(1),
            0xd1 => (short)ReadBigEndian(2),
            0xd2 => (int)ReadBigEndian(4),
            0xd3 => (long)ReadBigEndian(8),
            0xc0 => 0,
            _ => throw Unexpected(head, "an integer"),
        };
    }

    /// <summary>Goes past a value of any kind.</summary>
    public void Skip() => Skip(0);

    private void Skip(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("The values are nested too deep.");
        }

        var head = ReadByte();
        switch (head)
        {
            case <= 0x7f or >= 0xe0 or 0xc0 or 0xc2 or 0xc3:
                return;
            case <= 0x8f:
                SkipMany(2 * (head & 0x0f), depth);
                return;
            case <= 0x9f:
                SkipMany(head & 0x0f, depth);
                return;
            case <= 0xbf:
                Take((ulong)(head & 0x1f));
                return;
            case 0xc4 or 0xd9:
                Take(ReadBigEndian(1));
                return;
            case 0xc5 or 0xda:
                Take(ReadBigEndian(2));
                return;
            case 0xc6 or 0xdb:
                Take(ReadBigEndian(4));
                return;
            case 0xc7 or 0xc8 or 0xc9:
                Take(ReadBigEndian(1 << (head - 0xc7)) + 1);
                return;
            case 0xca or 0xce or 0xd2:
                Take(4);
                return;
            case 0xcb or 0xcf or 0xd3:
                Take(8);
                return;
            case 0xcc or 0xd0:
                Take(1);
                return;
            case 0xcd or 0xd1:
                Take(2);
                return;
            case >= 0xd4 and <= 0xd8:
                Take((1UL << (head - 0xd4)) + 1);
                return;
            case 0xdc:
                SkipMany((long)ReadBigEndian(2), depth);
                return;
            case 0xdd:
                SkipMany((long)ReadBigEndian(4), depth);
                return;
            case 0xde:
                SkipMany(2 * (long)ReadBigEndian(2), depth);
                return;
            case 0xdf:
                SkipMany(2 * (long)ReadBigEndian(4), depth);
                return;
            default:
                throw Unexpected(head, "a value");
        }
    }

    // Every value takes a byte at least, so a huge count ends with the bytes.
    private void SkipMany(long count, int depth)
    {
        for (; count > 0; count--)
        {
            Skip(depth + 1);
        }
    }

    private byte ReadByte() => Take(1)[0];

    private ulong ReadBigEndian(int width)
    {
        var part = Take((ulong)width);
        return width switch
        {
            1 => part[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(part),
            4 => BinaryPrimitives.ReadUInt32BigEndian(part),
            _ => BinaryPrimitives.ReadUInt64BigEndian(part),
        };
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new InvalidDataException("The page ends in the middle of a value.");
        }

        var part = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return part;
    }

    private readonly int CheckCount(ulong count, int bytesOfEach) => count <= (ulong)(_rest.Length / bytesOfEach)
        ? (int)count
        : throw new InvalidDataException("The page promises more values than it has bytes.");

    private static InvalidDataException Unexpected(byte head, string wanted) => new($"0x{head:x2} is not the start of {wanted}.");
}
