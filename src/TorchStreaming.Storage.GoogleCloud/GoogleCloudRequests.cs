// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Makes the addresses of the JSON API, puts the token on requests and turns failed answers into
/// <see cref="StorageException"/>s.</summary>
internal sealed class GoogleCloudRequests : IDisposable
{
    private readonly CloudHttp _http;
    private readonly AccessTokenCache _tokens;
    private readonly string _bucketUri;
    private readonly string _uploadUri;
    private readonly string _project;
    private bool _hasToken;

    public GoogleCloudRequests(CloudHttp http, AccessTokenCache tokens, GoogleCloudStoreOptions options, Uri endpoint, string bucket)
    {
        _http = http;
        _tokens = tokens;
        Endpoint = endpoint;
        var root = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _bucketUri = $"{root}/storage/v1/b/{Uri.EscapeDataString(bucket)}/o";
        _uploadUri = $"{root}/upload/storage/v1/b/{Uri.EscapeDataString(bucket)}/o";
        _project = options.UserProject is { } project ? "&userProject=" + Uri.EscapeDataString(project) : "";
    }

    public Uri Endpoint { get; }

    public static Uri EndpointOf(GoogleCloudStoreOptions options, Func<string, string?> environment)
    {
        if (options.Endpoint is { } given)
        {
            return given.Scheme is "http" or "https"
                ? given
                : throw new ArgumentException("The endpoint is not an http:// or https:// address.", nameof(options));
        }

        if (environment("STORAGE_EMULATOR_HOST") is not { Length: > 0 } emulator)
        {
            return new Uri("https://storage.googleapis.com");
        }

        var text = emulator.Contains("://", StringComparison.Ordinal) ? emulator : "http://" + emulator;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ArgumentException("The variable STORAGE_EMULATOR_HOST is neither host:port nor an http:// address.");
    }

    public Uri ObjectUri(string key, string query) => new($"{_bucketUri}/{Uri.EscapeDataString(key)}?{query}{_project}");

    public Uri ListUri(string query) => new($"{_bucketUri}?{query}{_project}");

    public Uri UploadUri(string type, string key) => new($"{_uploadUri}?uploadType={type}&name={Uri.EscapeDataString(key)}{_project}");

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri uri, string what, string location, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri);
        return await SendAsync(request, what, location, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request with the token.</summary>
    /// <returns>The answer: a success, 308 (an upload continues) or 416, which only the caller can judge.</returns>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string what, string location, CancellationToken cancellationToken)
    {
        var token = await _tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        _hasToken = token is not null;
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        var response = await _http.SendAsync(request, what, location, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode
            || response.StatusCode is HttpStatusCode.PermanentRedirect or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        using (response)
        {
            var reason = ReasonOf(await CloudHttp.ReadErrorAsync(response, cancellationToken).ConfigureAwait(false));
            var kind = KindOf(response.StatusCode, reason);
            throw CloudErrors.OfAnswer(response, kind, reason, what, location, Advice(kind));
        }
    }

    public void Dispose() => _tokens.Dispose();

    private static StorageErrorKind KindOf(HttpStatusCode status, string? reason) => reason switch
    {
        "rateLimitExceeded" or "userRateLimitExceeded" => StorageErrorKind.Throttled,
        "quotaExceeded" => StorageErrorKind.DiskFull,
        _ => CloudErrors.KindOf(status),
    };

    private static string? ReasonOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("error").GetProperty("errors")[0].GetProperty("reason").GetString();
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private string Advice(StorageErrorKind kind) => kind switch
    {
        StorageErrorKind.NotFound => " The bucket or the object does not exist.",
        StorageErrorKind.Unauthenticated or StorageErrorKind.PermissionDenied when !_hasToken =>
            " No credentials were found (GOOGLE_APPLICATION_CREDENTIALS, gcloud auth application-default login, metadata server), and "
                + "the bucket is not public.",
        StorageErrorKind.Unauthenticated => " The token is wrong or expired.",
        StorageErrorKind.PermissionDenied => " The account may not do this; it needs a role such as Storage Object Viewer on the bucket.",
        StorageErrorKind.PreconditionFailed => " The object changed while it was being read.",
        _ => "",
    };
}
