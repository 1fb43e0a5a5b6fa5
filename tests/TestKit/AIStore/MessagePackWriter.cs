// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text;

namespace TorchStreaming.TestKit;

/// <summary>Writes MessagePack as AIStore does: positive numbers as signed ones of any width.</summary>
internal sealed class MessagePackWriter
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public void WriteMap(int count)
    {
        if (count < 16)
        {
            _bytes.WriteByte((byte)(0x80 | count));
            return;
        }

        Write(0xde, (short)count);
    }

    public void WriteArray(int count)
    {
        if (count < 16)
        {
            _bytes.WriteByte((byte)(0x90 | count));
        }
        else if (count < short.MaxValue)
        {
            Write(0xdc, (short)count);
        }
        else
        {
            Write(0xdd, count);
        }
    }

    public void WriteString(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length < 32)
        {
            _bytes.WriteByte((byte)(0xa0 | utf8.Length));
        }
        else if (utf8.Length < 256)
        {
            _bytes.Write([0xd9, (byte)utf8.Length]);
        }
        else
        {
            Write(0xda, (short)utf8.Length);
        }

        _bytes.Write(utf8);
    }

    public void WriteSigned(long value)
    {
        switch (value)
        {
            case >= 0 and < 128:
                _bytes.WriteByte((byte)value);
                break;
            case <= short.MaxValue:
                Write(0xd1, (short)value);
                break;
            case <= int.MaxValue:
                Write(0xd2, (int)value);
                break;
            default:
                Span<byte> wide = stackalloc byte[9];
                wide[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(wide[1..], value);
                _bytes.Write(wide);
                break;
        }
    }

    private void Write(byte head, short value)
    {
        Span<byte> bytes = [head, 0, 0];
        BinaryPrimitives.WriteInt16BigEndian(bytes[1..], value);
        _bytes.Write(bytes);
    }

    private void Write(byte head, int value)
    {
        Span<byte> bytes = [head, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(bytes[1..], value);
        _bytes.Write(bytes);
    }
}
