// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Walks over the members of an uncompressed tar on this machine through a memory map: only headers are touched, contents are
/// loans.</summary>
/// <remarks>Not thread-safe. The file must not change meanwhile. Reads what <see cref="TarStreamReader"/> reads.</remarks>
internal sealed class TarFileReader : IDisposable
{
    private readonly MappedFile _file;
    private readonly TarScanner _scanner;
    private long _next;
    private bool _hasEnded;

    /// <summary>Opens a tar.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StorageException">The file cannot be opened.</exception>
    public TarFileReader(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _file = MappedFile.Open(path);
        _scanner = new TarScanner(path);
    }

    /// <summary>Gets the size of the file in bytes.</summary>
    public long FileSize => _file.Length;

    /// <inheritdoc cref="TarStreamReader.Name"/>
    public ReadOnlySpan<byte> Name => _scanner.Name;

    /// <inheritdoc cref="TarStreamReader.Kind"/>
    public TarMemberKind Kind => _scanner.Kind;

    /// <inheritdoc cref="TarStreamReader.Size"/>
    public long Size => _scanner.Size;

    /// <inheritdoc cref="TarStreamReader.Start"/>
    public long Start => _scanner.Start;

    /// <inheritdoc cref="TarStreamReader.ContentOffset"/>
    public long ContentOffset { get; private set; }

    /// <summary>Gets the content, a loan until the reader is disposed.</summary>
    /// <exception cref="ShardFormatException">It has more bytes than a span can hold.</exception>
    public ReadOnlySpan<byte> Content => Size <= int.MaxValue
        ? _file.Slice(ContentOffset, (int)Size)
        : throw _scanner.Fail(ContentOffset, $"the member has {Size} bytes; at most {int.MaxValue} can be read at once.");

    /// <summary>Gets where the bytes of <see cref="Name"/> are in the tar, or -1 when they are not in one piece.</summary>
    internal long NameOffset => _scanner.NameOffset;

    /// <summary>Goes to the next member, of whatever kind.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ShardFormatException">The tar is damaged, cut off or of a kind that cannot be read.</exception>
    public bool MoveNext()
    {
        while (!_hasEnded)
        {
            if (_file.Length - _next < TarHeader.BlockSize)
            {
                throw _scanner.Truncated(_file.Length);
            }

            var block = _scanner.Read(_file.Slice(_next, TarHeader.BlockSize), _next);
            if (block == TarBlock.End)
            {
                _hasEnded = true;
                break;
            }

            var content = _next + TarHeader.BlockSize;
            if (_scanner.Size > _file.Length - content)
            {
                throw _scanner.Truncated(_file.Length);
            }

            _next = content + TarHeader.Padded(_scanner.Size);
            if (block == TarBlock.Member)
            {
                ContentOffset = content;
                return true;
            }

            _scanner.ReadMetadata(_file.Slice(content, (int)_scanner.Size), content);
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
