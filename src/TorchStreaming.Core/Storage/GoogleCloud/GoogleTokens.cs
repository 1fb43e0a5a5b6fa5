// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Gets bearer tokens from where Google's own tools get them: a token in the environment, a key file, the machine's metadata
/// server.</summary>
internal sealed class GoogleTokens
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_write";

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
            return new AccessToken(given, null);
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

        if ((Variable("GOOGLE_OAUTH_ACCESS_TOKEN") ?? Variable("CLOUDSDK_AUTH_ACCESS_TOKEN")) is { } token)
        {
            return new AccessToken(token, null);
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

    private async Task<AccessToken> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
            var root = file.RootElement;
            return root.GetProperty("type").GetString() switch
            {
                "service_account" => await ExchangeAsync(TokenEndpoint(root), ServiceAccountForm(root), cancellationToken)
                    .ConfigureAwait(false),
                "authorized_user" => await ExchangeAsync(TokenEndpoint(root), UserForm(root), cancellationToken).ConfigureAwait(false),
                var type => throw Failure(
                    $"the credentials file is of the type '{(CloudErrors.IsCode(type) ? type : "unknown")}', which is not supported; "
                        + "give a token through the options' TokenProvider."),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure("the credentials file cannot be read.", error);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException
            or FormatException or CryptographicException)
        {
            // The cause is left out: its text may quote the key.
            throw Failure("the credentials file is not a key file of Google's.");
        }
    }

    private static Uri TokenEndpoint(JsonElement file)
    {
        var uri = new Uri(file.TryGetProperty("token_uri", out var given) ? given.GetString()! : "https://oauth2.googleapis.com/token");
        return uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback
            ? uri
            : throw new FormatException("The token endpoint is not an https address.");
    }

    /// <summary>A token request signed with the account's key (RFC 7523).</summary>
    private Dictionary<string, string> ServiceAccountForm(JsonElement file)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var header = WriteJson(json =>
        {
            json.WriteString("alg", "RS256");
            json.WriteString("typ", "JWT");
            if (file.TryGetProperty("private_key_id", out var id))
            {
                json.WriteString("kid", id.GetString());
            }
        });
        var claims = WriteJson(json =>
        {
            json.WriteString("iss", file.GetProperty("client_email").GetString());
            json.WriteString("scope", Scope);
            json.WriteString("aud", TokenEndpoint(file).AbsoluteUri);
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + 3600);
        });
        var unsigned = $"{Base64Url(header)}.{Base64Url(claims)}";
        using var key = RSA.Create();
        key.ImportFromPem(file.GetProperty("private_key").GetString());
        var signature = key.SignData(System.Text.Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = $"{unsigned}.{Base64Url(signature)}",
        };
    }

    private static Dictionary<string, string> UserForm(JsonElement file) => new()
    {
        ["grant_type"] = "refresh_token",
        ["client_id"] = file.GetProperty("client_id").GetString()!,
        ["client_secret"] = file.GetProperty("client_secret").GetString()!,
        ["refresh_token"] = file.GetProperty("refresh_token").GetString()!,
    };

    private async Task<AccessToken> ExchangeAsync(Uri endpoint, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        using var response = await _http.SendAsync(request, "get a token for", _location, cancellationToken).ConfigureAwait(false);
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
            response = await _http.SendAsync(request, "get a token for", _location, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is StorageException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Not a machine of Google's. Asked again in a while, since the server may only have been slow.
            return _options.Anonymous is null
                ? new AccessToken(null, _time.GetUtcNow() + TimeSpan.FromMinutes(5))
                : throw Failure("no credentials were found (GOOGLE_APPLICATION_CREDENTIALS, gcloud, metadata server).", error);
        }

        using (response)
        {
            return response.Headers.TryGetValues("Metadata-Flavor", out _)
                ? await ReadTokenAsync(response, cancellationToken).ConfigureAwait(false)
                : throw Failure("what answers in place of the metadata server is not one.");
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
                response, kind, null, "get a token for", _location, " Check the key file or the machine's service account.");
        }

        var body = await CloudHttp.ReadShortAsync(response, 1 << 16, "get a token for", _location, cancellationToken).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(body);
            var seconds = json.RootElement.TryGetProperty("expires_in", out var given) ? Math.Clamp(given.GetInt64(), 0, 86400) : 3600;
            var token = json.RootElement.GetProperty("access_token").GetString() ?? throw new FormatException();
            return new AccessToken(token, _time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw CloudErrors.Malformed("get a token for", _location);
        }
    }

    private static byte[] WriteJson(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private StorageException Failure(string problem, Exception? cause = null) => new(
        StorageErrorKind.Unauthenticated,
        _location,
        string.Create(CultureInfo.InvariantCulture, $"Could not get a token for '{_location}': {problem}"),
        cause);
}
