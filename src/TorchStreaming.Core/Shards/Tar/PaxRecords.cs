// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>What extended headers of the pax format say about the members after them. Of their records only the path, the size and what
/// marks sparse files matter here.</summary>
internal sealed class PaxRecords
{
    /// <summary>Gets the path in UTF-8, or <see langword="null"/>.</summary>
    public byte[]? Path { get; private set; }

    /// <summary>Gets where the path is in the content that it was read from.</summary>
    public int PathPosition { get; private set; }

    /// <summary>Gets the size, or <see langword="null"/>.</summary>
    public long? Size { get; private set; }

    /// <summary>Gets whether the member is a sparse file, whose content needs a map to be understood.</summary>
    public bool IsSparse { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear() => (Path, Size, IsSparse) = (null, null, false);

    /// <summary>Reads the records of one extended header: <c>length key=value\n</c>, the length counting all of it. A later record takes
    /// the
    /// place of an earlier one, an empty value removes it.</summary>
    /// <returns><see langword="null"/>, or what is wrong.</returns>
    public string? Read(ReadOnlySpan<byte> content)
    {
        var total = content.Length;
        while (content.Length > 0 && content[0] != 0)
        {
            if (!Utf8Parser.TryParse(content, out int length, out var digits)
                || content[0] is < (byte)'0' or > (byte)'9'
                || length <= digits + 1
                || length > content.Length
                || content[digits] != ' '
                || content[length - 1] != '\n')
            {
                return "a record of its extended header has no valid length.";
            }

            var record = content[(digits + 1)..(length - 1)];
            content = content[length..];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return "a record of its extended header has no key.";
            }

            var value = record[(equals + 1)..];
            if (Apply(record[..equals], value, total - content.Length - 1 - value.Length) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, int position)
    {
        if (key.SequenceEqual("path"u8))
        {
            if (value.Contains((byte)0))
            {
                return "the path in its extended header holds a zero byte.";
            }

            Path = value.IsEmpty ? null : value.ToArray();
            PathPosition = position;
        }
        else if (key.SequenceEqual("size"u8))
        {
            var isNumber = Utf8Parser.TryParse(value, out long size, out var used) && used == value.Length && size >= 0;
            if (!isNumber && !value.IsEmpty)
            {
                return $"the size '{Encoding.UTF8.GetString(value[..Math.Min(value.Length, 40)])}' in its extended header is impossible.";
            }

            Size = isNumber ? size : null;
        }
        else if (key.StartsWith("GNU.sparse."u8))
        {
            IsSparse = true;
        }

        return null;
    }
}
