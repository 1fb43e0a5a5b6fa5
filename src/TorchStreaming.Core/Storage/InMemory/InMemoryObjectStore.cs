// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>Objects in memory, for tests and for data that is made on the fly.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class InMemoryObjectStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, Entry> _objects = new(StringComparer.Ordinal);
    private readonly TimeProvider _timeProvider;
    private long _version;

    /// <summary>Creates an empty store.</summary>
    /// <param name="name">What messages call it, without the leading <c>memory://</c>.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public InMemoryObjectStore(string name = "store", TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Location = $"memory://{name}";
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Writes a whole object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="content">The bytes, which must not change from now on.</param>
    /// <exception cref="ArgumentException">It is not a key.</exception>
    public void Write(string key, ReadOnlyMemory<byte> content)
    {
        ObjectKey.ThrowIfInvalid(key);
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{Interlocked.Increment(ref _version)}\"");
        _objects[key] = new Entry(content, new ObjectInfo(key, content.Length, tag, _timeProvider.GetUtcNow()));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Get(key).Info);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entry = Get(key);
        ObjectConditions.ThrowIfChanged(entry.Info, ifMatch, GetLocation(key));
        var (offset, length) = ObjectConditions.Resolve(range, entry.Info.Size, GetLocation(key));
        var bytes = new MemoryStream(entry.Content.Slice((int)offset, (int)length).ToArray(), writable: false);
        return new(new ObjectContent(entry.Info, new BodyStream(bytes, length, static _ => null, cancellationToken)));
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        Write(key, bytes.ToArray());
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        var found = _objects.Values
            .Select(static entry => entry.Info)
            .Where(info => info.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(static info => info.Key, StringComparer.Ordinal);
        foreach (var info in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        cancellationToken.ThrowIfCancellationRequested();
        _objects.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string GetLocation(string key) => $"{Location}/{key}";

    private Entry Get(string key)
    {
        ObjectKey.ThrowIfInvalid(key);
        return _objects.TryGetValue(key, out var entry) ? entry : throw FileErrors.NotFound(GetLocation(key));
    }

    private sealed record Entry(ReadOnlyMemory<byte> Content, ObjectInfo Info);
}
