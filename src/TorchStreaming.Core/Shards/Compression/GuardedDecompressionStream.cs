// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Turns whatever a decoder says to damaged input into <see cref="InvalidDataException"/>. Failures to read the input
/// pass.</summary>
internal sealed class GuardedDecompressionStream : OneWayStream
{
    private readonly Func<Stream> _open;
    private readonly string _codec;
    private Stream? _decoder;

    /// <summary>Creates the stream.</summary>
    /// <param name="codec">The codec's name, for messages.</param>
    /// <param name="open">Opens the decoder's stream, at the first read; it is disposed with this one.</param>
    public GuardedDecompressionStream(string codec, Func<Stream> open)
    {
        _codec = codec;
        _open = open;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return (_decoder ??= _open()).Read(buffer);
        }
        catch (Exception exception) when (IsDecoders(exception))
        {
            throw Damaged(exception);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await (_decoder ??= _open()).ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsDecoders(exception))
        {
            throw Damaged(exception);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsDecoders(Exception exception) => exception is EndOfStreamException or not
        (IOException or OperationCanceledException or InvalidDataException or TorchStreamingException
            or OutOfMemoryException or ObjectDisposedException);

    private InvalidDataException Damaged(Exception exception) =>
        new($"{_codec}: the compressed data are damaged: {exception.Message}", exception);
}
