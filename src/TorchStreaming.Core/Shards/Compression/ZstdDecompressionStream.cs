// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Gives the decompressed bytes of one or more zstd frames.</summary>
internal sealed class ZstdDecompressionStream : OneWayStream
{
    private const int BufferLength = 1 << 17;

    private readonly Stream _compressed;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private nint _context;
    private int _start;
    private int _end;
    private bool _inFrame = true;

    public ZstdDecompressionStream(Stream compressed, int maxWindowLog)
    {
        _compressed = compressed;
        _context = LibZstd.CreateDecompressor(maxWindowLog);
    }

    ~ZstdDecompressionStream() => Dispose(false);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        while (!buffer.IsEmpty)
        {
            // The library may hold decompressed bytes back, so it is asked even when there is no input left.
            var isEnd = _start == _end && !Fill(_compressed.Read(_buffer));
            if (isEnd && !_inFrame)
            {
                return 0;
            }

            if (Step(buffer, isEnd) is var written and > 0)
            {
                return written;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        while (!buffer.IsEmpty)
        {
            var isEnd = _start == _end && !Fill(await _compressed.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false));
            if (isEnd && !_inFrame)
            {
                return 0;
            }

            if (Step(buffer.Span, isEnd) is var written and > 0)
            {
                return written;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        var context = Interlocked.Exchange(ref _context, 0);
        if (context != 0)
        {
            LibZstd.FreeDecompressor(context);
            if (disposing)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }
        }

        base.Dispose(disposing);
    }

    private bool Fill(int count)
    {
        (_start, _end) = (0, count);
        return count > 0;
    }

    private int Step(Span<byte> buffer, bool isEnd)
    {
        ReadOnlySpan<byte> input = _buffer.AsSpan(_start, _end - _start);
        _inFrame = LibZstd.Decompress(_context, ref input, buffer, out var written) != 0;
        _start = _end - input.Length;
        return written > 0 || !isEnd || !_inFrame ? written : throw new InvalidDataException("zstd: the data end within a frame.");
    }
}
