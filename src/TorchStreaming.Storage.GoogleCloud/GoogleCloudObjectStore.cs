// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>A bucket of Google Cloud Storage, or a prefix in one, through the service's JSON API.</summary>
/// <remarks>Tags (<see cref="ObjectInfo.ETag"/>) are the objects' generations, so a read with a tag gets exactly that generation or fails.
/// Objects stored with gzip encoding are delivered as stored. Every call is tried once: retries belong to the storage decorator. Keys are
/// listed in the order of their UTF-8 bytes. Thread-safe. Mirrors upstream's <c>gs://</c> downloader and uploader with application default
/// credentials; those with HMAC keys are in the package TorchStreaming.Storage.S3.</remarks>
internal sealed class GoogleCloudObjectStore : IObjectStore
{
    private readonly GoogleCloudRequests _requests;
    private readonly GoogleCloudStoreOptions _options;
    private readonly string _prefix;

    /// <summary>Creates the store; no I/O is done yet.</summary>
    /// <param name="uri"><c>gs://bucket/prefix</c>.</param>
    /// <param name="options">How to reach it; <see langword="null"/> for all defaults.</param>
    /// <exception cref="ArgumentException">The address is malformed, or a variable of the environment is.</exception>
    public GoogleCloudObjectStore(string uri, GoogleCloudStoreOptions? options = null)
        : this(uri, options ?? new GoogleCloudStoreOptions(), Environment.GetEnvironmentVariable)
    {
    }

    internal GoogleCloudObjectStore(
        string uri,
        GoogleCloudStoreOptions options,
        Func<string, string?> environment,
        HttpMessageHandler? handler = null,
        TimeProvider? time = null)
    {
        var (bucket, prefix) = BucketAddress.Parse(uri, "gs");
        _prefix = prefix;
        _options = options;
        Location = $"gs://{bucket}/{prefix}".TrimEnd('/');
        var http = new CloudHttp(options.RequestTimeout, handler, time);
        var tokens = new GoogleTokens(http, options, environment, time ?? TimeProvider.System, Location);
        _requests = new GoogleCloudRequests(
            http,
            new AccessTokenCache(tokens.FetchAsync, time ?? TimeProvider.System),
            options,
            GoogleCloudRequests.EndpointOf(options, environment),
            bucket);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        var uri = _requests.ObjectUri(FullKey(key), "fields=" + GoogleCloudListing.ObjectFields);
        using var response = await _requests.SendAsync(HttpMethod.Get, uri, "look up", LocationOf(key), cancellationToken)
            .ConfigureAwait(false);
        var body = await CloudHttp.ReadShortAsync(response, GoogleCloudListing.BodyLimit, "look up", LocationOf(key), cancellationToken)
            .ConfigureAwait(false);
        return GoogleCloudListing.ReadObject(body, LocationOf(key)) with { Key = key };
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectConditions.ThrowIfInvalid(range);
        var location = LocationOf(key);
        var condition = ifMatch is null ? "" : "&ifGenerationMatch=" + Uri.EscapeDataString(ifMatch);
        var uri = _requests.ObjectUri(FullKey(key), "alt=media" + condition);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);

        // Without this the service unpacks objects stored with gzip encoding, and sizes and ranges are off.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        if (range is { } wanted)
        {
            request.Headers.TryAddWithoutValidation("Range", CloudHttp.HeaderOf(wanted));
        }

        var response = await _requests.SendAsync(request, "read", location, cancellationToken).ConfigureAwait(false);
        try
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw ObjectConditions.BeyondEnd(location, range?.Offset ?? 0, response.Content.Headers.ContentRange?.Length);
            }

            var generation = response.Headers.TryGetValues("x-goog-generation", out var values) ? values.First() : null;
            var info = new ObjectInfo(key, -1, generation, response.Content.Headers.LastModified);
            ObjectConditions.ThrowIfChanged(info, ifMatch, location);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return CloudHttp.OpenBody(body, response, info, RangeReply.Of(response), range, location, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var upload = new GoogleCloudUpload(_requests, FullKey(key), LocationOf(key), _options.PartSize);
        await upload.RunAsync(content, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string? page = null;
        do
        {
            var query = string.Create(
                CultureInfo.InvariantCulture,
                $"prefix={Uri.EscapeDataString(_prefix + prefix)}&maxResults=1000&fields={GoogleCloudListing.PageFields}");
            var uri = _requests.ListUri(page is null ? query : $"{query}&pageToken={Uri.EscapeDataString(page)}");
            using var response = await _requests.SendAsync(HttpMethod.Get, uri, "list", Location, cancellationToken).ConfigureAwait(false);
            var body = await CloudHttp.ReadShortAsync(response, GoogleCloudListing.BodyLimit, "list", Location, cancellationToken)
                .ConfigureAwait(false);
            var (items, next) = GoogleCloudListing.ReadPage(body, Location);
            foreach (var item in items)
            {
                // The marker object that consoles make for the folder itself has an empty key below the root.
                if (item.Key.Length > _prefix.Length && item.Key.StartsWith(_prefix, StringComparison.Ordinal))
                {
                    yield return item with { Key = item.Key[_prefix.Length..] };
                }
            }

            page = next is null || next != page ? next : throw CloudErrors.Malformed("list", Location);
        }
        while (page is not null);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _requests.ObjectUri(FullKey(key), ""));
        try
        {
            using var response = await _requests.SendAsync(request, "delete", LocationOf(key), cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NotFound)
        {
            // Deleting what is not there is a success.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _requests.Dispose();
        return ValueTask.CompletedTask;
    }

    private string FullKey(string key)
    {
        ObjectKey.ThrowIfInvalid(key);
        return _prefix + key;
    }

    private string LocationOf(string key) => $"{Location}/{key}";
}
