// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A bucket of an AIStore cluster, or a prefix in one, as a store like any other.</summary>
/// <remarks>Tags are made of version and checksum. Whole objects are compared with their checksum. Every call is tried once: retries belong
/// to the storage decorator. Keys are listed in the order of their UTF-8 bytes, and those of them that no store takes (with a backslash,
/// say) are not reachable here, but through <see cref="AISBucket"/>. Thread-safe.</remarks>
internal sealed class AIStoreObjectStore : IObjectStore
{
    private readonly AISObjectCalls _calls;
    private readonly string _prefix;

    /// <summary>Creates the store; no I/O is done yet.</summary>
    /// <param name="uri"><c>ais://bucket/prefix</c>. A bucket of a remote backend has the backend's scheme after <c>ais+</c>, as in
    /// <c>ais+s3://bucket/prefix</c> (also <c>ais+gs</c>, <c>ais+az</c>, <c>ais+oc</c>), since <c>s3://</c> means the backend itself.
    /// A namespace comes first, escaped: <c>ais://%40uuid%23name/bucket/prefix</c>.</param>
    /// <param name="options">How to reach the cluster; <see langword="null"/> for all defaults.</param>
    /// <exception cref="ArgumentException">The address is malformed, or a variable of the environment is.</exception>
    public AIStoreObjectStore(string uri, AISClientOptions? options = null)
        : this(uri, new AISClient(null, options))
    {
    }

    /// <summary>Creates the store; no I/O is done yet.</summary>
    /// <param name="uri">As above.</param>
    /// <param name="client">The client of the cluster.</param>
    /// <exception cref="ArgumentException">The address is malformed.</exception>
    public AIStoreObjectStore(string uri, AISClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var (bucket, prefix) = AISAddress.Parse(uri);
        _prefix = prefix;
        _calls = new AISObjectCalls(client.Transport, client.Options, bucket);
        Location = AISAddress.Format(bucket, prefix);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        var info = await _calls.GetInfoAsync(FullKey(key), cancellationToken).ConfigureAwait(false);
        return info with { Key = key };
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        var content = await _calls.OpenReadAsync(FullKey(key), range, ifMatch, cancellationToken).ConfigureAwait(false);
        return new ObjectContent(content.Info with { Key = key }, content.Stream);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return _calls.WriteAsync(FullKey(key), content, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await foreach (var info in _calls.ListAsync(_prefix + prefix, cancellationToken).ConfigureAwait(false))
        {
            if (info.Key.Length > _prefix.Length && ObjectKey.IsValid(info.Key.AsSpan(_prefix.Length)))
            {
                yield return info with { Key = info.Key[_prefix.Length..] };
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        try
        {
            await _calls.DeleteAsync(FullKey(key), cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NotFound)
        {
            // Deleting what is not there is a success.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string FullKey(string key)
    {
        ObjectKey.ThrowIfInvalid(key);
        return _prefix + key;
    }
}
