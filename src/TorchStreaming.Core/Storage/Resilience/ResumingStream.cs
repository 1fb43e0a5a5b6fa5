// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Storage;

/// <summary>A read that survives broken connections: it reopens the object after the last byte it gave, if the object is still the
/// same.</summary>
internal sealed class ResumingStream : ReadOnlyStream
{
    private readonly IObjectStore _store;
    private readonly string _key;
    private readonly string _location;
    private readonly RetrySession _session;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _cancellationToken;
    private readonly long _opened;
    private readonly ObjectInfo _info;
    private readonly long _start;
    private readonly long? _length;
    private ObjectContent? _content;
    private long _given;

    private ResumingStream(
        IObjectStore store,
        string key,
        ByteRange? range,
        ObjectContent content,
        RetrySession session,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        _store = store;
        _key = key;
        _location = $"{store.Location}/{key}";
        _session = session;
        _timeProvider = timeProvider;
        _opened = timeProvider.GetTimestamp();
        _cancellationToken = cancellationToken;
        _content = content;
        _info = content.Info;
        _start = range?.Offset ?? 0;
        _length = _info.Size < 0 ? range?.Length : Math.Min(range?.Length ?? long.MaxValue, _info.Size - _start);
    }

    /// <summary>Opens the object, with retries, for a read with retries.</summary>
    public static async ValueTask<ObjectContent> OpenAsync(
        IObjectStore store,
        string key,
        ByteRange? range,
        string? ifMatch,
        RetrySession session,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var content = await session.RunAsync(
            $"{store.Location}/{key}", (store, key, range, ifMatch), OpenInnerAsync, cancellationToken).ConfigureAwait(false);
        return new ObjectContent(
            content.Info, new ResumingStream(store, key, range, content, session, timeProvider, cancellationToken))
        {
            IgnoresRange = content.IgnoresRange,
        };
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (buffer.IsEmpty || _given == _length)
        {
            return 0;
        }

        while (true)
        {
            try
            {
                return await ReadOnceAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (StorageException error)
            {
                await CloseContentAsync().ConfigureAwait(false);
                await LinkAsync(
                    (Session: _session, Error: error),
                    static (state, token) => state.Session.WaitAsync(state.Error, token),
                    cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override async ValueTask CloseAsync()
    {
        await CloseContentAsync().ConfigureAwait(false);
        StorageMetrics.ReadSize.Record(_given);
        StorageMetrics.ReadDuration.Record(_timeProvider.GetElapsedTime(_opened).TotalSeconds);
    }

    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_content is null)
        {
            await LinkAsync(this, static (stream, token) => stream.ReopenAsync(token), cancellationToken).ConfigureAwait(false);
        }

        var wanted = buffer[..(int)Math.Min(buffer.Length, _length - _given ?? long.MaxValue)];
        var read = await _session.ReadAsync(_location, _content!.Stream, wanted, cancellationToken, _cancellationToken)
            .ConfigureAwait(false);
        if (read == 0 && _given < _length)
        {
            throw new StorageException(
                StorageErrorKind.Unavailable,
                _location,
                string.Create(CultureInfo.InvariantCulture, $"'{_location}' ended after {_given} of {_length} bytes."));
        }

        _given += read;
        return read;
    }

    private async ValueTask ReopenAsync(CancellationToken cancellationToken)
    {
        var range = _given == 0 && _start == 0 && _length == _info.Size
            ? (ByteRange?)null
            : new ByteRange(_start + _given, _length - _given);
        var content = await _session.AttemptAsync(_location, (_store, _key, range, _info.ETag), OpenInnerAsync, cancellationToken)
            .ConfigureAwait(false);
        _content = content;

        // A store without tags shows a change by size or time.
        if (content.Info.Size != _info.Size || content.Info.ETag != _info.ETag || content.Info.LastModified != _info.LastModified)
        {
            throw ObjectConditions.Changed(_location);
        }
    }

    // For what follows a failure: a read that goes well pays for no linked source.
    private async ValueTask LinkAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellationToken);
        try
        {
            await call(state, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller gets its own token back, not the linked one.
            cancellationToken.ThrowIfCancellationRequested();
            _cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async ValueTask CloseContentAsync()
    {
        if (_content is { } content)
        {
            _content = null;
            await content.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<ObjectContent> OpenInnerAsync(
        (IObjectStore Store, string Key, ByteRange? Range, string? IfMatch) state, CancellationToken cancellationToken) =>
        await state.Store.OpenReadAsync(state.Key, state.Range, state.IfMatch, cancellationToken).ConfigureAwait(false);
}
