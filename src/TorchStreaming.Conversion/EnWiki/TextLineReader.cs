// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Takes lines as they are, without white space at their ends. One thread at a time.</summary>
internal sealed class TextLineReader(FileSet files, ImmutableArray<ShardColumn> columns) : RawReader
{
    /// <summary>Drops white space, as Python's <c>str.strip</c> knows it, from both ends of a text.</summary>
    /// <param name="line">UTF-8; bytes that are none count as text.</param>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        while (Rune.DecodeFromUtf8(line, out var rune, out var length) == OperationStatus.Done && IsSpace(rune))
        {
            line = line[length..];
        }

        while (Rune.DecodeLastFromUtf8(line, out var rune, out var length) == OperationStatus.Done && IsSpace(rune))
        {
            line = line[..^length];
        }

        return line;
    }

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var line = (RawLine)item.Part!;
        return Utf8.IsValid(line.Bytes.Span)
            ? RawSample.Pack(columns, Trim(line.Bytes.Span).ToArray())
            : RawSample.Refuse(files.Refuse(line, $"line {line.Number}", "The line is no UTF-8."));
    }

    /// <summary>The information separators are white space to Python but not to .NET.</summary>
    private static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;
}
