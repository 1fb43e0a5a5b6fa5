// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.TestKit;

/// <summary>Makes tars block by block, also such as no program would write.</summary>
public sealed class TarBytes
{
    private const int Block = 512;

    private readonly MemoryStream _bytes = new();

    /// <summary>Adds a header and content, filled up to a whole block.</summary>
    /// <param name="name">The name field.</param>
    /// <param name="content">The content.</param>
    /// <param name="type">The type flag.</param>
    /// <param name="change">Changes the header before its checksum is made.</param>
    public TarBytes Add(string name, ReadOnlySpan<byte> content = default, char type = '0', Action<byte[]>? change = null)
    {
        var header = new byte[Block];
        Encoding.UTF8.GetBytes(name, header);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        "0000000\0"u8.CopyTo(header.AsSpan(108));
        "0000000\0"u8.CopyTo(header.AsSpan(116));
        Write(header, 124, Convert.ToString(content.Length, 8).PadLeft(11, '0') + "\0");
        Write(header, 136, "00000000000\0");
        header[156] = (byte)type;
        Write(header, 257, "ustar\000");
        change?.Invoke(header);
        Seal(header);
        _bytes.Write(header);
        _bytes.Write(content);
        _bytes.SetLength((_bytes.Length + Block - 1) / Block * Block);
        _bytes.Position = _bytes.Length;
        return this;
    }

    /// <summary>Adds a member with text for content.</summary>
    public TarBytes Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    /// <summary>Adds an extended header of the pax format.</summary>
    public TarBytes AddPax(char type, params ReadOnlySpan<(string Key, string Value)> records)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in records)
        {
            var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
            var length = rest + 1;
            while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
            {
                length++;
            }

            text.Append(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
        }

        return Add("PaxHeader", Encoding.UTF8.GetBytes(text.ToString()), type);
    }

    /// <summary>Ends the tar.</summary>
    /// <param name="endBlocks">The number of zero blocks.</param>
    /// <returns>The whole tar.</returns>
    public byte[] ToArray(int endBlocks = 2)
    {
        _bytes.Write(new byte[endBlocks * Block]);
        return _bytes.ToArray();
    }

    /// <summary>Writes ASCII text into a header.</summary>
    public static void Write(byte[] header, int offset, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(offset));

    /// <summary>Puts the right checksum into a header.</summary>
    public static void Seal(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header[..Block])
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header.Slice(148, 8));
    }
}
