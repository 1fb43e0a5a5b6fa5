// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>A dataset on the Hugging Face hub, at a branch, tag or commit. Read only.</summary>
/// <remarks>Files come from the hub or from the storage that it redirects to; the token goes to the hub alone. Tags are the hub's: the
/// content's SHA-256 for large files, the git id for others. Every call is tried once: retries belong to the storage decorator. A listing
/// is read whole before its first object is given, since the hub does not promise an order. Thread-safe. Mirrors upstream's <c>hf://</c>
/// downloader, and adds revisions, ranges and listing.</remarks>
internal sealed class HuggingFaceObjectStore : IObjectStore
{
    private readonly HuggingFaceAddress _address;
    private readonly Uri _endpoint;
    private readonly HttpRequestSender _sender;
    private readonly bool _hasToken;

    /// <summary>Creates the store; no I/O is done yet, except reading a stored token's file.</summary>
    /// <param name="uri"><c>hf://datasets/ORG/NAME[@REVISION]/path</c>; a revision with slashes is written with <c>%2F</c>, and
    /// <c>@refs/pr/N</c> and <c>@refs/convert/NAME</c> as they are.</param>
    /// <param name="options">How to reach it; <see langword="null"/> for all defaults.</param>
    /// <exception cref="ArgumentException">The address is malformed, or a variable of the environment is.</exception>
    public HuggingFaceObjectStore(string uri, HuggingFaceStoreOptions? options = null)
        : this(uri, options ?? new HuggingFaceStoreOptions(), Environment.GetEnvironmentVariable, SharedConnections.Invoker)
    {
    }

    internal HuggingFaceObjectStore(
        string uri, HuggingFaceStoreOptions options, Func<string, string?> environment, HttpMessageInvoker invoker)
    {
        _address = HuggingFaceAddress.Parse(uri);
        _endpoint = HuggingFaceCredentials.EndpointOf(options, environment);
        var credential = HuggingFaceCredentials.Choose(options, environment, _endpoint);
        _hasToken = credential is not null;
        _sender = new HttpRequestSender(invoker, new HttpObjectStoreOptions(), credential);
    }

    /// <inheritdoc/>
    public string Location => _address.Location;

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        var request = new HttpRequest(HttpMethod.Head, _address.ResolveUri(_endpoint, key), LocationOf(key));

        // The redirect to the storage holds the facts; the storage itself may be signed for GET only.
        using var response = await _sender.SendAsync(request, answer => LinkedTag(answer) is null, cancellationToken).ConfigureAwait(false);
        if (LinkedTag(response) is { } tag && LinkedSize(response) is { } size)
        {
            return new ObjectInfo(key, size, tag, response.Content.Headers.LastModified);
        }

        ThrowIfFailed(response, "look up", request.Location);
        var length = response.Content.Headers.ContentLength ?? throw CloudErrors.Malformed("look up", request.Location);
        return new ObjectInfo(key, length, TagOf(response), response.Content.Headers.LastModified);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectKey.ThrowIfInvalid(key);
        ObjectConditions.ThrowIfInvalid(range);

        // The condition is not sent: the storage behind the hub has tags of its own. The hub's tag of the same request is compared instead.
        var request = new HttpRequest(HttpMethod.Get, _address.ResolveUri(_endpoint, key), LocationOf(key), range);
        string? tag = null;
        var response = await _sender.SendAsync(request, RememberTag, cancellationToken).ConfigureAwait(false);
        try
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw ObjectConditions.BeyondEnd(request.Location, range?.Offset ?? 0, response.Content.Headers.ContentRange?.Length);
            }

            ThrowIfFailed(response, "read", request.Location);
            var info = new ObjectInfo(key, -1, tag ?? LinkedTag(response) ?? TagOf(response), response.Content.Headers.LastModified);
            ObjectConditions.ThrowIfChanged(info, ifMatch, request.Location);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return CloudHttp.OpenBody(body, response, info, RangeReply.Of(response), range, request.Location, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        bool RememberTag(HttpResponseMessage redirect)
        {
            tag ??= LinkedTag(redirect);
            return true;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) => throw ReadOnly("written");

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var start = _address.Prefix + prefix;
        var slash = start.LastIndexOf('/');
        var found = new List<ObjectInfo>();
        Uri? page = _address.TreeUri(_endpoint, slash < 0 ? "" : start[..slash]);
        while (page is not null)
        {
            using var response = await _sender.SendAsync(new HttpRequest(HttpMethod.Get, page, Location), cancellationToken)
                .ConfigureAwait(false);
            if (IsMissingFolder(response))
            {
                break;
            }

            ThrowIfFailed(response, "list", Location);
            var body = await CloudHttp.ReadShortAsync(response, HuggingFaceTree.BodyLimit, "list", Location, cancellationToken)
                .ConfigureAwait(false);
            found.AddRange(
                from item in HuggingFaceTree.ReadPage(body, Location)
                where item.Key.Length > _address.Prefix.Length && item.Key.StartsWith(start, StringComparison.Ordinal)
                select item with { Key = item.Key[_address.Prefix.Length..] });
            var next = HuggingFaceTree.NextPage(response, page, Location);
            page = next is null || next != page ? next : throw CloudErrors.Malformed("list", Location);
        }

        found.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        foreach (var item in found)
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) => throw ReadOnly("deleted");

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? LinkedTag(HttpResponseMessage response) => HeaderOf(response, "X-Linked-ETag");

    private static long? LinkedSize(HttpResponseMessage response) =>
        long.TryParse(HeaderOf(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    private static string? TagOf(HttpResponseMessage response) => response.Headers.ETag?.Tag;

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>A prefix whose folder does not exist matches nothing; a dataset or revision that does not exist is an error.</summary>
    private static bool IsMissingFolder(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NotFound && HeaderOf(response, "X-Error-Code") == "EntryNotFound";

    private void ThrowIfFailed(HttpResponseMessage response, string what, string location)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var code = HeaderOf(response, "X-Error-Code");
        var kind = code switch
        {
            // The hub answers 401 for datasets that do not exist or that the caller may not know of.
            "RepoNotFound" when _hasToken => StorageErrorKind.NotFound,
            "RepoNotFound" or "RevisionNotFound" or "EntryNotFound"
                when response.StatusCode != HttpStatusCode.Unauthorized => StorageErrorKind.NotFound,
            "GatedRepo" or "DisabledRepo" => _hasToken ? StorageErrorKind.PermissionDenied : StorageErrorKind.Unauthenticated,
            _ => CloudErrors.KindOf(response.StatusCode),
        };
        var advice = (kind, _hasToken) switch
        {
            (StorageErrorKind.NotFound, _) => " The dataset, the revision or the file does not exist, or the token may not see it.",
            (StorageErrorKind.Unauthenticated, false) => " The dataset does not exist, or is private or gated: set HF_TOKEN.",
            (StorageErrorKind.Unauthenticated, true) => " The token (HF_TOKEN) is wrong or expired.",
            (StorageErrorKind.PermissionDenied, _) =>
                " Accept the dataset's terms on its page, with the account that the token belongs to.",
            _ => "",
        };
        throw CloudErrors.OfAnswer(response, kind, code, what, location, advice);
    }

    private string LocationOf(string key) => $"{Location}/{key}";

    private StorageException ReadOnly(string verb) => new(
        StorageErrorKind.NotSupported,
        Location,
        $"Objects of '{Location}' cannot be {verb}: hf:// is read only. Write to a local folder and upload it with the hub's tools.");
}
