// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Azure.Core;

namespace TorchStreaming.Storage;

/// <summary>A container of Azure Blob Storage (or a file system of Data Lake Storage), or a folder in one.</summary>
/// <remarks>Every call is one request (a large write is several) and is tried once: retries belong to the storage decorator. Secrets of the
/// environment go only to hosts of Azure's and to endpoints given in the options, never to a host that the address alone names. Keys are
/// listed in the order of their UTF-8 bytes. Thread-safe. Mirrors upstream's <c>azure://</c> and <c>azure-dl://</c> downloaders and
/// uploaders.</remarks>
internal sealed class AzureBlobObjectStore : IObjectStore
{
    private readonly AzureAddress _address;
    private readonly AzureStoreOptions _options;
    private readonly AzureBlobRequests _requests;

    /// <summary>Creates the store; nothing is asked of the network yet.</summary>
    /// <param name="uri"><c>azure://HOST/container/path</c>, <c>azure-dl://filesystem/path</c>, <c>az://container/path</c>,
    /// <c>abfss://filesystem@HOST/path</c> or <c>https://HOST/container/path[?signature]</c>.</param>
    /// <param name="options">How to reach it; <see langword="null"/> for all defaults.</param>
    /// <exception cref="ArgumentException">The address, an option or a variable of the environment is malformed, or no account is
    /// named.</exception>
    public AzureBlobObjectStore(string uri, AzureStoreOptions? options = null)
        : this(uri, options ?? new AzureStoreOptions(), Environment.GetEnvironmentVariable)
    {
    }

    internal AzureBlobObjectStore(
        string uri,
        AzureStoreOptions options,
        Func<string, string?> environment,
        HttpMessageHandler? handler = null,
        Func<TokenCredential>? chain = null,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _options = options;
        _address = AzureAddress.Parse(uri, out var signature);
        var settings = AzureSettings.Resolve(_address, signature, options, environment, time, chain);
        _requests = new AzureBlobRequests(new CloudHttp(options.RequestTimeout, handler, time), settings, _address.Container, time);
    }

    /// <inheritdoc/>
    public string Location => _address.Location;

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _requests.BlobUri(FullKey(key)));
        using var response = await _requests.SendAsync(request, "look up", LocationOf(key), cancellationToken).ConfigureAwait(false);
        var size = response.Content.Headers.ContentLength ?? throw CloudErrors.Malformed("look up", LocationOf(key));
        return Describe(key, response) with { Size = size };
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectConditions.ThrowIfInvalid(range);
        var location = LocationOf(key);
        using var request = new HttpRequestMessage(HttpMethod.Get, _requests.BlobUri(FullKey(key)));
        if (range is { } wanted)
        {
            request.Headers.TryAddWithoutValidation("x-ms-range", CloudHttp.HeaderOf(wanted));
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        var response = await _requests.SendAsync(request, "read", location, cancellationToken).ConfigureAwait(false);
        try
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw ObjectConditions.BeyondEnd(location, range?.Offset ?? 0, response.Content.Headers.ContentRange?.Length);
            }

            var info = Describe(key, response);
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
        var upload = new AzureBlobUpload(_requests, FullKey(key), LocationOf(key), _options);
        await upload.RunAsync(content, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string? marker = null;
        do
        {
            var query = string.Create(
                CultureInfo.InvariantCulture,
                $"restype=container&comp=list&include=metadata&maxresults={AzureBlobListing.PageSize}"
                    + $"&prefix={Uri.EscapeDataString(_address.Prefix + prefix)}");
            var uri = _requests.ContainerUri(marker is null ? query : $"{query}&marker={Uri.EscapeDataString(marker)}");
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await _requests.SendAsync(request, "list", Location, cancellationToken).ConfigureAwait(false);
            var body = await CloudHttp.ReadShortAsync(response, AzureBlobListing.BodyLimit, "list", Location, cancellationToken)
                .ConfigureAwait(false);
            var (items, next) = AzureBlobListing.ReadPage(body, Location);
            foreach (var item in items)
            {
                if (item.Key.Length > _address.Prefix.Length && item.Key.StartsWith(_address.Prefix, StringComparison.Ordinal))
                {
                    yield return item with { Key = item.Key[_address.Prefix.Length..] };
                }
            }

            marker = next is null || next != marker ? next : throw CloudErrors.Malformed("list", Location);
        }
        while (marker is not null);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _requests.BlobUri(FullKey(key)));
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

    private static ObjectInfo Describe(string key, HttpResponseMessage response) =>
        new(key, -1, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified);

    private string FullKey(string key)
    {
        ObjectKey.ThrowIfInvalid(key);
        return _address.Prefix + key;
    }

    private string LocationOf(string key) => $"{Location}/{key}";
}
