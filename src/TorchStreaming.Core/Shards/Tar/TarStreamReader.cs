// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Reads the members of a tar from front to back, from any stream: a download, a decompressor, a file.</summary>
/// <remarks>
/// <para>Reads the formats ustar, pax (with global headers), GNU (long names, sizes beyond 8 GB) and the one before them. Links,
/// directories
/// and devices come as members without content. Refused are sparse files, members that continue from another volume and names with
/// <c>..</c>. A tar must have its end marker, at least one block of zeros: what lacks it was cut off. What follows the marker is not
/// read.</para>
/// <para>Memory is bounded by the buffer and by one extended header of at most 1 MiB, whatever the tar says. Not thread-safe.</para>
/// </remarks>
internal sealed class TarStreamReader : IAsyncDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly TarScanner _scanner;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private byte[] _metadata = [];
    private int _begin;
    private int _end;
    private long _offset;
    private long _left;
    private long _skip;
    private bool _hasEnded;

    /// <summary>Creates the reader.</summary>
    /// <param name="stream">The uncompressed tar.</param>
    /// <param name="location">The tar for messages, as a path or URI free of secrets.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="ArgumentException">The location is empty.</exception>
    public TarStreamReader(Stream stream, string location, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(location);
        _stream = stream;
        _leaveOpen = leaveOpen;
        _scanner = new TarScanner(location);
    }

    /// <summary>Gets the member's name in the bytes of the tar, UTF-8 by convention, without slashes at its end. A loan until the next
    /// move.</summary>
    public ReadOnlySpan<byte> Name => _scanner.Name;

    /// <summary>Gets what the member is.</summary>
    public TarMemberKind Kind => _scanner.Kind;

    /// <summary>Gets the size of the member's content in bytes; 0 for what has none.</summary>
    public long Size => _scanner.Size;

    /// <summary>Gets where the member's first header is in the uncompressed tar, counted in bytes; extended headers come first.</summary>
    public long Start => _scanner.Start;

    /// <summary>Gets where the member's content is in the uncompressed tar, counted in bytes.</summary>
    public long ContentOffset { get; private set; }

    /// <summary>Gets where the bytes of <see cref="Name"/> are in the tar, or -1 when they are not in one piece.</summary>
    internal long NameOffset => _scanner.NameOffset;

    /// <summary>Goes to the next member, of whatever kind; what was not read of the last one is passed over.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ShardFormatException">The tar is damaged, cut off or of a kind that cannot be read.</exception>
    /// <exception cref="StorageException">The stream failed.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        while (!_hasEnded)
        {
            await SkipAsync(_left + _skip, cancellationToken).ConfigureAwait(false);
            _left = _skip = 0;
            await FillAsync(TarHeader.BlockSize, cancellationToken).ConfigureAwait(false);
            var block = _scanner.Read(_buffer.AsSpan(_begin, TarHeader.BlockSize), _offset);
            if (block == TarBlock.End)
            {
                _hasEnded = true;
                break;
            }

            Take(TarHeader.BlockSize);
            _left = _scanner.Size;
            _skip = TarHeader.Padded(_left) - _left;
            if (block == TarBlock.Member)
            {
                ContentOffset = _offset;
                return true;
            }

            await ReadMetadataAsync((int)_left, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Reads content of the member.</summary>
    /// <param name="destination">Receives the next bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of bytes, which is 0 at the content's end alone.</returns>
    /// <exception cref="ShardFormatException">The tar is cut off or its compressed form damaged.</exception>
    /// <exception cref="StorageException">The stream failed.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        destination = destination[..(int)Math.Min(destination.Length, _left)];
        if (destination.IsEmpty)
        {
            return 0;
        }

        var count = Math.Min(_end - _begin, destination.Length);
        if (count > 0)
        {
            _buffer.AsMemory(_begin, count).CopyTo(destination);
            Take(count);
        }
        else
        {
            count = await ReadStreamAsync(destination, cancellationToken).ConfigureAwait(false);
            _offset += count;
        }

        _left -= count;
        return count;
    }

    /// <summary>Reads all that is left of the member's content.</summary>
    /// <param name="destination">Room for it; what is left is <see cref="Size"/> bytes before the first read.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the bytes are there.</returns>
    /// <exception cref="ShardFormatException">The tar is cut off or its compressed form damaged.</exception>
    /// <exception cref="StorageException">The stream failed.</exception>
    public async ValueTask ReadToEndAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, _left, nameof(destination));
        while (_left > 0)
        {
            var count = await ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            destination = destination[count..];
        }
    }

    /// <summary>Gives the buffer back and disposes the stream, unless it is to stay open. No read may be in progress.</summary>
    /// <returns>A task that ends when that is done.</returns>
    public ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        return _leaveOpen ? ValueTask.CompletedTask : _stream.DisposeAsync();
    }

    private async ValueTask ReadMetadataAsync(int size, CancellationToken cancellationToken)
    {
        // The buffer grows with what is there, not with what a header promises.
        var offset = _offset;
        var length = 0;
        while (length < size)
        {
            if (length == _metadata.Length)
            {
                Array.Resize(ref _metadata, Math.Min(TarScanner.MaxMetadataBytes, Math.Max(4096, 2 * length)));
            }

            length += await ReadAsync(_metadata.AsMemory(length, Math.Min(size, _metadata.Length) - length), cancellationToken)
                .ConfigureAwait(false);
        }

        _scanner.ReadMetadata(_metadata.AsSpan(0, size), offset);
    }

    private async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_begin == _end)
            {
                await FillAsync(1, cancellationToken).ConfigureAwait(false);
            }

            var taken = (int)Math.Min(count, _end - _begin);
            Take(taken);
            count -= taken;
        }
    }

    /// <summary>Sees to it that the buffer holds some bytes.</summary>
    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _begin >= count)
        {
            return;
        }

        _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
        (_begin, _end) = (0, _end - _begin);
        while (_end < count)
        {
            _end += await ReadStreamAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<int> ReadStreamAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var count = await _stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            return count > 0 ? count : throw _scanner.Truncated(_offset + (_end - _begin));
        }
        catch (InvalidDataException exception)
        {
            throw _scanner.Fail(_offset + (_end - _begin), exception.Message);
        }
    }

    private void Take(int count)
    {
        _begin += count;
        _offset += count;
    }
}
