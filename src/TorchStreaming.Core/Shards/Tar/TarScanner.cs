// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Understands the headers of a tar one block after the other, whatever they are read from: ustar, pax, GNU and the format before
/// them. Nothing is allocated for a member unless its name is in an extended header.</summary>
internal sealed class TarScanner(string location)
{
    /// <summary>The largest extended header that is read. Names are the only long things in those that matter.</summary>
    public const int MaxMetadataBytes = 1 << 20;

    /// <summary>The longest name that is trusted; file systems stop at 4,096 bytes.</summary>
    private const int MaxNameBytes = 1 << 14;

    /// <summary>How many extended headers may go before one member; more than four make no sense.</summary>
    private const int MaxMetadataHeaders = 16;

    private readonly PaxRecords _global = new();
    private readonly PaxRecords _local = new();
    private byte[] _name = new byte[256];
    private int _nameLength;
    private byte[]? _longName;
    private long _longNameOffset;
    private long _pathOffset;
    private byte _pending;
    private int _metadataHeaders;

    /// <summary>Gets the name of the member, in the bytes of the tar, without slashes at its end. A loan until the next block.</summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    /// <summary>Gets where the bytes of <see cref="Name"/> are in the tar, or -1 when they are not in one piece before the
    /// member.</summary>
    public long NameOffset { get; private set; }

    /// <summary>Gets what the member is.</summary>
    public TarMemberKind Kind { get; private set; }

    /// <summary>Gets the bytes of content that follow the block: a member's, or an extended header's.</summary>
    public long Size { get; private set; }

    /// <summary>Gets where the member's first block is, that of its extended headers included.</summary>
    public long Start { get; private set; }

    /// <summary>Takes the next header block.</summary>
    /// <param name="block">At least one block.</param>
    /// <param name="offset">Where it is in the tar.</param>
    /// <returns>What it is.</returns>
    /// <exception cref="ShardFormatException">The block is damaged or of a kind that cannot be read.</exception>
    public TarBlock Read(ReadOnlySpan<byte> block, long offset)
    {
        if (TarHeader.IsEnd(block))
        {
            return _metadataHeaders == 0 ? TarBlock.End : throw Fail(offset, "it ends after an extended header, without the member.");
        }

        var header = new TarHeader(block);
        if (!header.HasValidChecksum())
        {
            throw Fail(offset, "the header's checksum is wrong. The file is damaged, or it is not a tar.");
        }

        if (!header.TryGetSize(out var size) || size > long.MaxValue - offset - (2 * TarHeader.BlockSize))
        {
            throw Fail(offset, "the header's size is negative or impossible.");
        }

        if (_metadataHeaders == 0)
        {
            Start = offset;
        }

        return header.Type is (byte)'x' or (byte)'X' or (byte)'g' or (byte)'L' or (byte)'K'
            ? BeginMetadata(header.Type, size, offset)
            : BeginMember(header, size, offset);
    }

    /// <summary>Takes the content of an extended header.</summary>
    /// <param name="content">The <see cref="Size"/> bytes.</param>
    /// <param name="offset">Where they are in the tar.</param>
    /// <exception cref="ShardFormatException">They are damaged.</exception>
    public void ReadMetadata(ReadOnlySpan<byte> content, long offset)
    {
        var problem = default(string);
        switch (_pending)
        {
            case (byte)'g':
                problem = _global.Read(content);
                break;
            case (byte)'L':
                _longName = TarHeader.UpToZero(content).ToArray();
                _longNameOffset = offset;
                break;
            case (byte)'K':
                break;
            default:
                problem = _local.Read(content);
                _pathOffset = offset + _local.PathPosition;
                break;
        }

        if (problem is not null)
        {
            throw Fail(offset, problem);
        }
    }

    /// <summary>Says that the tar ended where it should not.</summary>
    public ShardFormatException Truncated(long offset) => Fail(
        offset, "the tar ends here, in the middle of something or without its end marker. It was cut off while it was written or copied.");

    /// <summary>Makes an exception about a place in the tar.</summary>
    public ShardFormatException Fail(long offset, string problem) => new(new ShardLocation(location, offset), problem);

    private TarBlock BeginMetadata(byte type, long size, long offset)
    {
        if (size > MaxMetadataBytes)
        {
            throw Fail(offset, $"an extended header of {size} bytes; at most {MaxMetadataBytes} are read.");
        }

        if (++_metadataHeaders > MaxMetadataHeaders)
        {
            throw Fail(offset, $"more than {MaxMetadataHeaders} extended headers follow each other without a member.");
        }

        _pending = type;
        Size = size;
        return TarBlock.Metadata;
    }

    private TarBlock BeginMember(TarHeader header, long size, long offset)
    {
        if (header.Type is (byte)'S' or (byte)'M' || _local.IsSparse || _global.IsSparse)
        {
            throw Fail(offset, header.Type == (byte)'M'
                ? "the member continues from another volume, which cannot be read."
                : "the member is a sparse file, which cannot be read. Write the tar without --sparse.");
        }

        TakeName(header, offset);
        Kind = KindOf(header.Type);
        if (Kind == TarMemberKind.File && header.Type == 0 && header.Name.EndsWith("/"u8))
        {
            Kind = TarMemberKind.Directory;
        }

        // Links, directories, devices and pipes have no content, whatever their headers say: the size of what a link leads to, for example.
        Size = header.Type is >= (byte)'1' and <= (byte)'6' || Kind == TarMemberKind.Directory ? 0 : _local.Size ?? _global.Size ?? size;
        if (Size > long.MaxValue - offset - (2 * TarHeader.BlockSize))
        {
            throw Fail(offset, $"the member is said to have {Size} bytes, which is impossible.");
        }

        _local.Clear();
        _longName = null;
        _metadataHeaders = 0;
        return TarBlock.Member;
    }

    private static TarMemberKind KindOf(byte type) => type switch
    {
        0 or (byte)'0' or (byte)'7' => TarMemberKind.File,
        (byte)'1' or (byte)'2' => TarMemberKind.Link,
        (byte)'5' => TarMemberKind.Directory,
        _ => TarMemberKind.Other,
    };

    private void TakeName(TarHeader header, long offset)
    {
        _nameLength = 0;
        if ((_longName ?? _local.Path ?? _global.Path) is { } extended)
        {
            NameOffset = _longName is not null ? _longNameOffset : _local.Path is not null ? _pathOffset : -1;
            Append(extended, offset);
        }
        else
        {
            var prefix = header.Prefix;
            NameOffset = prefix.IsEmpty ? offset : -1;
            if (!prefix.IsEmpty)
            {
                Append(prefix, offset);
                Append("/"u8, offset);
            }

            Append(header.Name, offset);
        }

        _nameLength = Name.TrimEnd((byte)'/').Length;
        foreach (var part in Name.Split((byte)'/'))
        {
            if (Name[part].SequenceEqual(".."u8))
            {
                throw Fail(offset, $"the member '{Encoding.UTF8.GetString(Name)}' leads out of the tar by '..'. Do not use it.");
            }
        }
    }

    private void Append(ReadOnlySpan<byte> text, long offset)
    {
        if (text.Length > MaxNameBytes - _nameLength)
        {
            throw Fail(offset, $"the member's name has more than {MaxNameBytes} bytes.");
        }

        if (text.Length > _name.Length - _nameLength)
        {
            Array.Resize(ref _name, MaxNameBytes);
        }

        text.CopyTo(_name.AsSpan(_nameLength));
        _nameLength += text.Length;
    }
}
