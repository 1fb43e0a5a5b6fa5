// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>Bounds how many calls and open reads another store sees at a time; further ones wait in line.</summary>
/// <remarks>Thread-safe. A read holds its place until its content is disposed. Put this store around one that retries, not inside: waiting
/// in line is no stall, and a store that fails is not asked by more callers while some wait for their next attempt.</remarks>
public sealed class ConcurrencyLimitedObjectStore : IObjectStore
{
    private readonly IObjectStore _inner;
    private readonly SemaphoreSlim _places;
    private readonly bool _ownsInner;

    /// <summary>Creates the store.</summary>
    /// <param name="inner">The store that does the work.</param>
    /// <param name="limit">How many calls at a time, 1 or more.</param>
    /// <param name="ownsInner">Whether disposing this store disposes <paramref name="inner"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public ConcurrencyLimitedObjectStore(IObjectStore inner, int limit, bool ownsInner = true)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _inner = inner;
        _places = new SemaphoreSlim(limit, limit);
        _ownsInner = ownsInner;
    }

    /// <inheritdoc/>
    public string Location => _inner.Location;

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        using var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        return await _inner.GetInfoAsync(key, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var content = await _inner.OpenReadAsync(key, range, ifMatch, cancellationToken).ConfigureAwait(false);
            return new ObjectContent(
                content.Info, new BodyStream(content.Stream, long.MaxValue, static _ => null, CancellationToken.None, place))
            {
                IgnoresRange = content.IgnoresRange,
            };
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        using var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        await _inner.WriteAsync(key, content, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var info in _inner.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            yield return info;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        using var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        await _inner.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsInner ? _inner.DisposeAsync() : ValueTask.CompletedTask;

    private async ValueTask<Place> EnterAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Place(_places);
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
