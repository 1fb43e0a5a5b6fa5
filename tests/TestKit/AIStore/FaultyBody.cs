// SPDX-License-Identifier: MIT

using Microsoft.AspNetCore.Http;

namespace TorchStreaming.TestKit;

/// <summary>An answer's body that goes wrong at a certain byte.</summary>
internal sealed class FaultyBody(Stream inner, AIStoreFault fault, HttpContext context) : Stream
{
    private long _position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var start = _position;
        _position += buffer.Length;
        if (fault is AIStoreFault.FlipByte flip)
        {
            var bytes = buffer.ToArray();
            if (flip.Offset >= start && flip.Offset < _position)
            {
                bytes[flip.Offset - start] ^= 0x40;
            }

            await inner.WriteAsync(bytes, cancellationToken);
            return;
        }

        var limit = fault switch
        {
            AIStoreFault.BreakAfter broken => broken.Bytes,
            AIStoreFault.EndAfter ended => ended.Bytes,
            AIStoreFault.StallAfter stalled => stalled.Bytes,
            _ => long.MaxValue,
        };
        if (start < limit)
        {
            await inner.WriteAsync(buffer[..(int)Math.Min(buffer.Length, limit - start)], cancellationToken);
        }

        if (_position > limit)
        {
            await inner.FlushAsync(cancellationToken);
            await EndAsync();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    private async Task EndAsync()
    {
        if (fault is AIStoreFault.BreakAfter)
        {
            context.Abort();
        }
        else if (fault is AIStoreFault.StallAfter)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
    }
}
