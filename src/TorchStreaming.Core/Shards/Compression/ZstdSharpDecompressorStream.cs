// SPDX-License-Identifier: MIT

using ZstdSharp;

namespace TorchStreaming.Shards;

/// <summary>Decompresses, and reports damage as <see cref="InvalidDataException"/> whichever part of the library noticed it.</summary>
internal sealed class ZstdSharpDecompressorStream : Stream
{
    private readonly DecompressionStream _inner;

    public ZstdSharpDecompressorStream(Stream compressed)
    {
        _inner = new DecompressionStream(compressed, checkEndOfStream: true, leaveOpen: true);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _inner.Read(buffer);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsDamage(Exception exception) => exception is ZstdException or EndOfStreamException;

    private static InvalidDataException Damaged(Exception exception) =>
        new($"The zstd data is damaged or ends early: {exception.Message}", exception);
}
