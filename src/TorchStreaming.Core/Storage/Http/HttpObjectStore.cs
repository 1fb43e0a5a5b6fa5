// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Headers;

namespace TorchStreaming.Storage;

/// <summary>Files below a URL. Read only: writing, listing and deleting are not supported.</summary>
/// <remarks>Thread-safe. All stores of the process share one pool of kept-alive connections. A query of the root URL, such as a signature,
/// goes with every request and is never shown. Servers that ignore ranges are served as well, at the price of the skipped bytes.</remarks>
internal sealed class HttpObjectStore : IObjectStore
{
    private readonly Uri _root;
    private readonly HttpRequestSender _sender;

    /// <summary>Creates the store. No I/O is done yet.</summary>
    /// <param name="root">An <c>http</c> or <c>https</c> URL; keys are appended to its path.</param>
    /// <param name="options">How to speak to the server; <see langword="null"/> for the defaults.</param>
    public HttpObjectStore(Uri root, HttpObjectStoreOptions? options = null)
        : this(root, options ?? new HttpObjectStoreOptions(), SharedConnections.Invoker)
    {
    }

    internal HttpObjectStore(Uri root, HttpObjectStoreOptions options, HttpMessageInvoker invoker)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(options);
        Location = ObjectStoreLocation.WithoutSecrets(root.OriginalString).TrimEnd('/');
        if (!root.IsAbsoluteUri || root.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"'{Location}' is not an http or https URL.", nameof(root));
        }

        _root = new UriBuilder(root) { UserName = "", Password = "", Fragment = "" }.Uri;
        _sender = new HttpRequestSender(invoker, options, HttpRequestSender.ChooseCredential(root, options));
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        var request = new HttpRequest(HttpMethod.Head, GetUri(key), GetLocation(key));
        using var response = await _sender.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            return await GetInfoByReadingAsync(key, cancellationToken).ConfigureAwait(false);
        }

        HttpErrors.ThrowIfFailed(response, request.Location);
        return Describe(key, response, response.Content.Headers.ContentLength);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        ObjectConditions.ThrowIfInvalid(range);
        var request = new HttpRequest(HttpMethod.Get, GetUri(key), GetLocation(key), range, ifMatch);
        var response = await _sender.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenBodyAsync(key, request, response, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw NotSupported("write");

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        throw NotSupported("list");

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) => throw NotSupported("delete");

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<ObjectContent> OpenBodyAsync(
        string key, HttpRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var location = request.Location;
        var range = request.Range;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw ObjectConditions.BeyondEnd(location, range?.Offset ?? 0, response.Content.Headers.ContentRange?.Length);
        }

        HttpErrors.ThrowIfFailed(response, location);
        var isPartial = response.StatusCode == HttpStatusCode.PartialContent;
        var contentRange = response.Content.Headers.ContentRange;
        var bodyLength = response.Content.Headers.ContentLength;
        var info = Describe(key, response, isPartial ? contentRange?.Length : bodyLength);

        // A server may ignore If-Match, and takes no weak tag there; the answer's own tag settles it.
        ObjectConditions.ThrowIfChanged(info, request.IfMatch, location);
        var (skip, length) = (0L, bodyLength ?? long.MaxValue);
        if (isPartial)
        {
            if (range is not { } wanted || contentRange is not { HasRange: true } || contentRange.From != wanted.Offset)
            {
                throw HttpErrors.BadAnswer(location, $"other bytes than the asked ones ({contentRange?.ToString() ?? "no Content-Range"})");
            }

            length = Math.Min(GetLength(contentRange)!.Value, wanted.Length ?? long.MaxValue);
        }
        else if (range is { } wanted)
        {
            (skip, length) = info.Size < 0
                ? (wanted.Offset, wanted.Length ?? long.MaxValue)
                : ObjectConditions.Resolve(range, info.Size, location);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var promised = isPartial ? GetLength(contentRange) : bodyLength;
        var most = length <= long.MaxValue - skip ? skip + length : long.MaxValue;
        var body = new BodyStream(
            stream, most, error => HttpErrors.FromBody(error, location, promised), cancellationToken, response);
        try
        {
            await SkipAsync(body, skip, location, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await body.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new ObjectContent(info, body) { IgnoresRange = range is not null && !isPartial };
    }

    // A server may name a last byte beyond all others.
    private static long? GetLength(ContentRangeHeaderValue? range) =>
        range?.To - range?.From is { } last ? Math.Min(last, long.MaxValue - 1) + 1 : null;

    private static async Task SkipAsync(BodyStream body, long count, string location, CancellationToken cancellationToken)
    {
        if (count == 0)
        {
            return;
        }

        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        for (var left = count; left > 0;)
        {
            var wanted = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            var read = await body.ReadAsync(wanted, cancellationToken).ConfigureAwait(false);
            left -= read;
            if (read == 0)
            {
                throw ObjectConditions.BeyondEnd(location, count, count - left);
            }
        }
    }

    private static ObjectInfo Describe(string key, HttpResponseMessage response, long? size) =>
        new(key, size ?? -1, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified);

    private async ValueTask<ObjectInfo> GetInfoByReadingAsync(string key, CancellationToken cancellationToken)
    {
        var content = await OpenReadAsync(key, null, null, cancellationToken).ConfigureAwait(false);
        await content.DisposeAsync().ConfigureAwait(false);
        return content.Info;
    }

    private Uri GetUri(string key)
    {
        var path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        return new UriBuilder(_root) { Path = $"{_root.AbsolutePath.TrimEnd('/')}/{path}" }.Uri;
    }

    private string GetLocation(string key) => $"{Location}/{key}";

    private StorageException NotSupported(string verb) => new(
        StorageErrorKind.NotSupported,
        Location,
        $"Objects of '{Location}' cannot be {verb switch { "write" => "written", "list" => "listed", _ => "deleted" }}: "
            + "plain HTTP is read only. Use a local folder or an object store.");
}
