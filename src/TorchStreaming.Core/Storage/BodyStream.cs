// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The bytes of an open object: ends at a promised length, speaks the store's errors, and hears the token of the call that opened
/// it.</summary>
internal sealed class BodyStream : ReadOnlyStream
{
    private readonly Stream _inner;
    private readonly Func<Exception, StorageException?> _translate;
    private readonly CancellationToken _cancellationToken;
    private readonly IDisposable? _owner;
    private readonly ReadCancellation _reads = new();
    private long _left;

    /// <summary>Creates the stream.</summary>
    /// <param name="inner">The bytes; owned.</param>
    /// <param name="length">How many bytes to give at most.</param>
    /// <param name="translate">Turns a failure into the store's, or gives <see langword="null"/> for one that is none of the
    /// store's.</param>
    /// <param name="cancellationToken">Ends reads.</param>
    /// <param name="owner">Disposed after the bytes.</param>
    public BodyStream(
        Stream inner,
        long length,
        Func<Exception, StorageException?> translate,
        CancellationToken cancellationToken,
        IDisposable? owner = null)
    {
        _inner = inner;
        _left = length;
        _translate = translate;
        _cancellationToken = cancellationToken;
        _owner = owner;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var token = _reads.Begin(cancellationToken, _cancellationToken);
            var read = await _inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], token).ConfigureAwait(false);
            _left -= read;
            return read;
        }
        catch (OperationCanceledException)
        {
            // The caller gets its own token back, not the linked one.
            cancellationToken.ThrowIfCancellationRequested();
            _cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception error) when (_translate(error) is { } translated)
        {
            throw translated;
        }
        finally
        {
            _reads.End();
        }
    }

    protected override async ValueTask CloseAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        _owner?.Dispose();
    }
}
