// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Compresses what is written into one zstd frame, which disposal ends.</summary>
internal sealed class ZstdCompressionStream : OneWayStream
{
    private const int BufferLength = 1 << 17;

    private readonly Stream _output;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private nint _context;
    private bool _isBroken;

    public ZstdCompressionStream(Stream output, int level, long? contentSize)
    {
        _output = output;
        _context = LibZstd.CreateCompressor(level, contentSize);
    }

    ~ZstdCompressionStream() => Dispose(false);

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        _isBroken = true;
        while (!buffer.IsEmpty)
        {
            LibZstd.Compress(_context, ref buffer, _buffer, LibZstd.EndDirective.Continue, out var written);
            _output.Write(_buffer.AsSpan(0, written));
        }

        _isBroken = false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        var context = Interlocked.Exchange(ref _context, 0);
        if (context != 0)
        {
            try
            {
                // After a failed write the frame cannot be ended, and trying would hide the failure.
                if (disposing && !_isBroken)
                {
                    EndFrame(context);
                }
            }
            finally
            {
                LibZstd.FreeCompressor(context);
                if (disposing)
                {
                    ArrayPool<byte>.Shared.Return(_buffer);
                }
            }
        }

        base.Dispose(disposing);
    }

    private void EndFrame(nint context)
    {
        ReadOnlySpan<byte> nothing = [];
        nuint left;
        do
        {
            left = LibZstd.Compress(context, ref nothing, _buffer, LibZstd.EndDirective.End, out var written);
            _output.Write(_buffer.AsSpan(0, written));
        }
        while (left != 0);
    }
}
