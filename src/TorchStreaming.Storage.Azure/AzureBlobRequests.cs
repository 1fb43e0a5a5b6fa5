// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;

namespace TorchStreaming.Storage;

/// <summary>Makes the addresses of the Blob service, signs requests and turns failed answers into
/// <see cref="StorageException"/>s.</summary>
internal sealed class AzureBlobRequests : IDisposable
{
    /// <summary>A version that the service, its sovereign clouds and the emulator all speak; it has blocks of 4 000 MiB.</summary>
    private const string Version = "2021-08-06";

    private readonly CloudHttp _http;
    private readonly AzureSettings _settings;
    private readonly TimeProvider _time;
    private readonly string _container;

    public AzureBlobRequests(CloudHttp http, AzureSettings settings, string container, TimeProvider time)
    {
        _http = http;
        _settings = settings;
        _time = time;
        _container = $"{settings.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{container}";
    }

    public Uri ContainerUri(string query) => new($"{_container}?{query}");

    public Uri BlobUri(string key, string query = "") =>
        new($"{_container}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}{(query.Length == 0 ? "" : "?" + query)}");

    /// <summary>Signs and sends a request.</summary>
    /// <returns>The answer: a success, or 416, which only the caller can judge.</returns>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string what, string location, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("x-ms-version", Version);
        request.Headers.TryAddWithoutValidation("x-ms-date", _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
        await _settings.Authorization.AuthorizeAsync(request, location, cancellationToken).ConfigureAwait(false);
        var response = await _http.SendAsync(request, what, location, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        using (response)
        {
            var code = response.Headers.TryGetValues("x-ms-error-code", out var values) ? values.First() : null;
            var kind = KindOf(response.StatusCode, code);
            throw CloudErrors.OfAnswer(response, kind, code, what, location, Advice(kind));
        }
    }

    public void Dispose() => _settings.Authorization.Dispose();

    internal static StorageErrorKind KindOf(HttpStatusCode status, string? code) => code switch
    {
        "AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation" => StorageErrorKind.Unauthenticated,
        "PublicAccessNotPermitted" => StorageErrorKind.PermissionDenied,
        "ServerBusy" => StorageErrorKind.Throttled,
        "OperationTimedOut" => StorageErrorKind.Timeout,
        _ => CloudErrors.KindOf(status),
    };

    private string Advice(StorageErrorKind kind) => (kind, _settings.Authorization.IsAnonymous) switch
    {
        (StorageErrorKind.NotFound or StorageErrorKind.PermissionDenied or StorageErrorKind.Unauthenticated, true) =>
            " The request was not signed, since no credentials were found; the container does not exist or is not public.",
        (StorageErrorKind.NotFound, _) => " The account, the container or the object does not exist.",
        (StorageErrorKind.Unauthenticated, _) => " The key, signature or token is wrong or expired, or this machine's clock is.",
        (StorageErrorKind.PermissionDenied, _) =>
            " The identity may not do this; it needs a role such as Storage Blob Data Reader, or the signature lacks the right.",
        (StorageErrorKind.PreconditionFailed, _) => " The object changed while it was being read.",
        _ => "",
    };
}
