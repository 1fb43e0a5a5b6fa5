// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>A store whose writes a test watches, holds back or lets fail before they reach the inner store. Does not own the inner
/// store.</summary>
public sealed class WriteWatch(IObjectStore inner) : IObjectStore
{
    private readonly ConcurrentQueue<string> _written = new();

    /// <summary>Gets or sets what happens before each write.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    /// <summary>Gets the keys written so far, in the order in which the writes ended.</summary>
    public IReadOnlyList<string> Written => [.. _written];

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default) =>
        inner.GetInfoAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(key, range, ifMatch, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        if (BeforeWrite is { } before)
        {
            await before(key).WaitAsync(cancellationToken);
        }

        await inner.WriteAsync(key, content, cancellationToken);
        _written.Enqueue(key);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) => inner.DeleteAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
