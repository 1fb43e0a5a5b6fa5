// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TorchStreaming.Storage;

/// <summary>Tries the calls of another store again when they fail for transient reasons. A read that breaks off continues after its last
/// byte, if the object is still the same.</summary>
/// <remarks>Thread-safe. The only place that retries; stores themselves make one attempt. A write is tried again only if its content can be
/// read again.</remarks>
internal sealed class RetryingObjectStore : IObjectStore
{
    private readonly IObjectStore _inner;
    private readonly RetryPolicy _policy;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly bool _ownsInner;

    /// <summary>Creates the store.</summary>
    /// <param name="inner">The store that does the work.</param>
    /// <param name="policy">How to try; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="loggerFactory">Where retries are logged; <see langword="null"/> for nowhere.</param>
    /// <param name="ownsInner">Whether disposing this store disposes <paramref name="inner"/>.</param>
    public RetryingObjectStore(
        IObjectStore inner,
        RetryPolicy? policy = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        bool ownsInner = true)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _policy = policy ?? new RetryPolicy();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<RetryingObjectStore>();
        _ownsInner = ownsInner;
    }

    /// <inheritdoc/>
    public string Location => _inner.Location;

    /// <summary>Gets what hears of each attempt that failed, whether or not there is another.</summary>
    internal Action<StorageException>? AttemptFailed { get; init; }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        return NewSession().RunAsync(
            GetLocation(key), (_inner, key), static (state, token) => state._inner.GetInfoAsync(state.key, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        ObjectConditions.ThrowIfInvalid(range);
        return ResumingStream.OpenAsync(_inner, key, range, ifMatch, NewSession(), _timeProvider, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        var session = NewSession();
        var start = content.CanSeek ? content.Position : 0;
        while (true)
        {
            try
            {
                // No stall bound: only the store sees whether a long upload makes progress.
                await _inner.WriteAsync(key, content, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StorageException error) when (content.CanSeek)
            {
                await session.WaitAsync(error, cancellationToken).ConfigureAwait(false);
                content.Position = start;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var session = NewSession();
        string? last = null;
        while (true)
        {
            using var stall = new CancellationTokenSource(_policy.StallTimeout, _timeProvider);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
            var listing = _inner.ListAsync(prefix, linked.Token).GetAsyncEnumerator(linked.Token);
            await using var disposal = listing.ConfigureAwait(false);
            StorageException? failure = null;
            while (failure is null)
            {
                var isThere = false;
                try
                {
                    stall.CancelAfter(_policy.StallTimeout);
                    isThere = await listing.MoveNextAsync().ConfigureAwait(false);
                    stall.CancelAfter(Timeout.InfiniteTimeSpan);
                }
                catch (StorageException error)
                {
                    failure = error;
                    continue;
                }
                catch (OperationCanceledException error)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    failure = session.GetStall(Location, error);
                    continue;
                }

                if (!isThere)
                {
                    yield break;
                }

                // Listings are in ordinal order, so a new one continues where the broken one was.
                if (last is null || string.CompareOrdinal(listing.Current.Key, last) > 0)
                {
                    last = listing.Current.Key;
                    yield return listing.Current;
                }
            }

            await session.WaitAsync(failure, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        await NewSession().RunAsync(
            GetLocation(key),
            (_inner, key),
            static async (state, token) =>
            {
                await state._inner.DeleteAsync(state.key, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsInner ? _inner.DisposeAsync() : ValueTask.CompletedTask;

    private RetrySession NewSession() => new(_policy, _timeProvider, _logger, AttemptFailed);

    private string GetLocation(string key) => $"{Location}/{key}";
}
