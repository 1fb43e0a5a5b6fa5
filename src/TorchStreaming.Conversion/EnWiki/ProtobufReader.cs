// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TorchStreaming.Conversion;

/// <summary>Goes through the fields of a message of Protocol Buffers.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = message;
    private int _field;
    private WireType _type;

    private enum WireType
    {
        Varint,
        Fixed64,
        Bytes,
        StartGroup,
        EndGroup,
        Fixed32,
    }

    /// <summary>Gets whether nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Gets the bytes of the field, if it has any.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Gets the number in the field, if it has one.</summary>
    public ulong Number { get; private set; }

    /// <summary>Tells whether the field has a number and holds bytes.</summary>
    public readonly bool IsBytes(int field) => _field == field && _type == WireType.Bytes;

    /// <summary>Tells whether the field has a number and holds an integer of variable length.</summary>
    public readonly bool IsVarint(int field) => _field == field && _type == WireType.Varint;

    /// <summary>Tells whether the field has a number and holds four bytes.</summary>
    public readonly bool IsFixed32(int field) => _field == field && _type == WireType.Fixed32;

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        (_field, _type) = ((int)Math.Min(tag >> 3, int.MaxValue), (WireType)(tag & 7));
        switch (_type)
        {
            case WireType.Varint:
                Number = ReadVarint();
                break;
            case WireType.Fixed64:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case WireType.Fixed32:
                Number = ReadFixed32();
                break;
            case WireType.Bytes:
                Bytes = Take(ReadVarint());
                break;
            default:
                throw new InvalidDataException("The message is damaged: it has a field of no known kind.");
        }

        return true;
    }

    /// <summary>Takes an integer of variable length.</summary>
    /// <exception cref="InvalidDataException">It is cut off or too long.</exception>
    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < LongestVarint; i++)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("The message is damaged: a number does not end.");
    }

    /// <summary>Takes four bytes.</summary>
    /// <exception cref="InvalidDataException">They are cut off.</exception>
    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException("The message is damaged: a field is cut off.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
