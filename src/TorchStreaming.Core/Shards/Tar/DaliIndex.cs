// SPDX-License-Identifier: MIT

using System.Buffers.Text;

namespace TorchStreaming.Shards;

/// <summary>The index files that NVIDIA DALI's <c>wds2idx</c> makes, version 1.2: a line <c>v1.2</c> and the number of samples, then a
/// line for
/// each sample with the extension, the offset, the size and the name of each of its members, all with spaces between.</summary>
internal static class DaliIndex
{
    /// <summary>Gets the name of a tar's index: what is before the first dot of its last part, and <c>.idx</c>.</summary>
    public static string NameFor(string tar)
    {
        var dot = tar.IndexOf('.', tar.LastIndexOf('/') + 1);
        return $"{(dot < 0 ? tar : tar[..dot])}.idx";
    }

    /// <summary>Reads an index.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="table">Receives the members.</param>
    /// <returns>Whether it says all that is needed: older versions and names with spaces do not.</returns>
    /// <exception cref="ShardFormatException">The members make no samples.</exception>
    public static bool TryRead(ReadOnlySpan<byte> text, TarTableBuilder table)
    {
        var line = text.IndexOf((byte)'\n');
        if (line < 0 || !text.StartsWith("v1.2 "u8) || !TryParse(text[5..line], out var count))
        {
            return false;
        }

        text = text[(line + 1)..];
        for (var i = 0L; i < count; i++)
        {
            line = text.IndexOf((byte)'\n');
            if (line < 0 || !TryReadSample(text[..line], table))
            {
                return false;
            }

            text = text[(line + 1)..];
        }

        return text.IsEmpty;
    }

    private static bool TryReadSample(ReadOnlySpan<byte> line, TarTableBuilder table)
    {
        while (!line.IsEmpty)
        {
            var extension = Next(ref line);
            if (!TryParse(Next(ref line), out var offset) || !TryParse(Next(ref line), out var size))
            {
                return false;
            }

            var name = Next(ref line);
            if (extension.IsEmpty || name.Length <= extension.Length || !name.EndsWith(extension) || name[^(extension.Length + 1)] != '.')
            {
                return false;
            }

            // The name is at the start of the header, unless it is a long one; a reader compares it before it trusts that.
            table.Add(name, offset - TarHeader.BlockSize, offset, size);
        }

        return true;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var token = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return token;
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, out long number) =>
        Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length && number >= 0;
}
