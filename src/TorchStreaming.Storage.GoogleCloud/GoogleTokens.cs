// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Gets bearer tokens from where Google's own tools get them: the options, a token in the environment, a credentials file, the
/// machine's metadata server.</summary>
internal sealed class GoogleTokens
{
    public const string TokenVariable = "GOOGLE_OAUTH_ACCESS_TOKEN";

    private const string What = "get a token for";

    private readonly CloudHttp _http;
    private readonly GoogleCloudStoreOptions _options;
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _time;
    private readonly string _location;

    public GoogleTokens(
        CloudHttp http, GoogleCloudStoreOptions options, Func<string, string?> environment, TimeProvider time, string location)
    {
        _http = http;
        _options = options;
        _environment = environment;
        _time = time;
        _location = location;
    }

    public async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        if (_options.Anonymous == true)
        {
            return new AccessToken(null, null);
        }

        if (_options.AccessToken is { } given)
        {
            return Given(given, nameof(_options.AccessToken));
        }

        if (_options.TokenProvider is { } provider)
        {
            return await FromProviderAsync(provider, cancellationToken).ConfigureAwait(false);
        }

        if (_options.CredentialsFile is { } chosen)
        {
            return await FromFileAsync(chosen, cancellationToken).ConfigureAwait(false);
        }

        // An emulator knows no accounts, and a real token must not reach one by accident.
        if (_options.Endpoint is null && Variable("STORAGE_EMULATOR_HOST") is not null)
        {
            return new AccessToken(null, null);
        }

        foreach (var name in (ReadOnlySpan<string>)[TokenVariable, "CLOUDSDK_AUTH_ACCESS_TOKEN"])
        {
            if (Variable(name) is { } token)
            {
                return Given(token, name);
            }
        }

        if (Variable("GOOGLE_APPLICATION_CREDENTIALS") is { } named)
        {
            return await FromFileAsync(named, cancellationToken).ConfigureAwait(false);
        }

        return WellKnownFile() is { } file && File.Exists(file)
            ? await FromFileAsync(file, cancellationToken).ConfigureAwait(false)
            : await FromMetadataServerAsync(cancellationToken).ConfigureAwait(false);
    }

    private string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    private string? WellKnownFile()
    {
        var folder = Variable("CLOUDSDK_CONFIG")
            ?? (OperatingSystem.IsWindows() ? Under(Variable("APPDATA"), "gcloud") : Under(Variable("HOME"), ".config", "gcloud"));
        return Under(folder, "application_default_credentials.json");
    }

    private static string? Under(string? folder, params ReadOnlySpan<string> parts) =>
        folder is null ? null : Path.Join([folder, .. parts]);

    /// <summary>A token that somebody gave, to be sent as it is.</summary>
    private AccessToken Given(string? token, string source, DateTimeOffset? expiresAt = null) =>
        !string.IsNullOrEmpty(token) && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new AccessToken(token, expiresAt)
            : throw GoogleErrors.NoToken(_location, $"{source} gives no token: it is empty, or has blanks, line breaks or other characters.");

    private async Task<AccessToken> FromProviderAsync(
        Func<CancellationToken, ValueTask<string>> provider, CancellationToken cancellationToken)
    {
        try
        {
            // It ends at once, so that the provider is asked again before the next request.
            var token = await provider(cancellationToken).ConfigureAwait(false);
            return Given(token, nameof(_options.TokenProvider), DateTimeOffset.MinValue);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
        {
            throw CloudErrors.OfTransport(error, What, _location);
        }
        catch (Exception error) when (
            error is not StorageException && !(error is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw GoogleErrors.NoToken(_location, $"{nameof(_options.TokenProvider)} failed.", error);
        }
    }

    private async Task<AccessToken> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        var file = await GoogleCredentialsFile.ReadAsync(path, _time.GetUtcNow(), _location, cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, file.Endpoint) { Content = new FormUrlEncodedContent(file.Form) };
        using var response = await _http.SendAsync(request, What, _location, cancellationToken).ConfigureAwait(false);
        return await ReadTokenAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AccessToken> FromMetadataServerAsync(CancellationToken cancellationToken)
    {
        var host = Variable("GCE_METADATA_HOST") ?? "metadata.google.internal";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token");
        request.Headers.Add("Metadata-Flavor", "Google");
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, What, _location, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is StorageException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Not a machine of Google's. Asked again in a while, since the server may only have been slow.
            return _options.Anonymous is null
                ? new AccessToken(null, _time.GetUtcNow() + TimeSpan.FromMinutes(5))
                : throw GoogleErrors.NoToken(
                    _location, "no credentials were found (GOOGLE_APPLICATION_CREDENTIALS, gcloud, metadata server).", error);
        }

        using (response)
        {
            return response.Headers.TryGetValues("Metadata-Flavor", out _)
                ? await ReadTokenAsync(response, cancellationToken).ConfigureAwait(false)
                : throw GoogleErrors.NoToken(_location, "what answers in place of the metadata server is not one.");
        }
    }

    private async Task<AccessToken> ReadTokenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var kind = CloudErrors.KindOf(response.StatusCode);
            kind = kind is StorageErrorKind.Unavailable or StorageErrorKind.Throttled or StorageErrorKind.Timeout
                ? kind
                : StorageErrorKind.Unauthenticated;
            throw CloudErrors.OfAnswer(
                response, kind, null, What, _location, " Check the key file or the machine's service account.");
        }

        var body = await CloudHttp.ReadShortAsync(response, 1 << 16, What, _location, cancellationToken).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(body);
            var seconds = json.RootElement.TryGetProperty("expires_in", out var given) ? Math.Clamp(given.GetInt64(), 0, 86400) : 3600;
            var token = json.RootElement.GetProperty("access_token").GetString() ?? throw new FormatException();
            return new AccessToken(token, _time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw CloudErrors.Malformed(What, _location);
        }
    }
}
