// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Writes the members of tars, and makes a shard's files of them: the table of its samples and the tar.</summary>
internal sealed class TarShardLayout(TarShardWriterOptions options)
{
    /// <summary>The bytes that end a tar.</summary>
    public const int EndLength = 2 * TarHeader.BlockSize;

    /// <summary>What the name of a tar's table has after the tar's.</summary>
    public const string TableSuffix = ".samples";

    private const int NameLength = 100;

    private static readonly byte[] End = new byte[EndLength];

    /// <summary>Writes a member.</summary>
    public static void Write(IBufferWriter<byte> output, string name, ReadOnlySpan<byte> content)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length > NameLength || !Ascii.IsValid(bytes))
        {
            Write(output, "././@PaxHeader"u8, PathRecord(name), (byte)'x');
        }

        Write(output, bytes.AsSpan(0, Math.Min(bytes.Length, NameLength)), content, (byte)'0');
    }

    /// <summary>Makes a shard's files.</summary>
    public IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard)
    {
        var name = options.NameOf(shard);
        var segments = buffer.Segments.ToArray();
        var table = new TarTableBuilder(name, TarKeyRule.WebDataset);
        var scanner = new TarScanner(name);
        var offset = 0L;
        foreach (var segment in segments)
        {
            offset = AddMembers(segment.Span, offset, scanner, table);
        }

        return
        [
            new RawShardFile(name + TableSuffix, [table.ToArray(offset + EndLength)]),
            new RawShardFile(name, [.. segments, End]),
        ];
    }

    private static long AddMembers(ReadOnlySpan<byte> segment, long offset, TarScanner scanner, TarTableBuilder table)
    {
        while (!segment.IsEmpty)
        {
            var block = scanner.Read(segment, offset);
            var content = offset + TarHeader.BlockSize;
            if (block == TarBlock.Member)
            {
                table.Add(scanner.Name, scanner.NameOffset, content, scanner.Size);
            }
            else
            {
                scanner.ReadMetadata(segment.Slice(TarHeader.BlockSize, (int)scanner.Size), content);
            }

            var length = TarHeader.BlockSize + (int)TarHeader.Padded(scanner.Size);
            segment = segment[length..];
            offset += length;
        }

        return offset;
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, byte type)
    {
        var length = checked(TarHeader.BlockSize + (int)TarHeader.Padded(content.Length));
        var member = output.GetSpan(length)[..length];
        TarHeader.Write(member, name, content.Length, type);
        content.CopyTo(member[TarHeader.BlockSize..]);
        member[(TarHeader.BlockSize + content.Length)..].Clear();
        output.Advance(length);
    }

    /// <summary>Makes the record with a path: its length counts itself.</summary>
    private static byte[] PathRecord(string name)
    {
        var rest = Encoding.UTF8.GetByteCount($" path={name}\n");
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} path={name}\n"));
    }
}
