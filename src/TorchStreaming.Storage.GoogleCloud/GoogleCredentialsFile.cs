// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>What a credentials file of Google's asks of which token endpoint: a service account's signed request, or a user's refresh
/// token. Not a record: those show what they hold.</summary>
internal sealed class GoogleCredentialsFile
{
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_write";

    private GoogleCredentialsFile(Uri endpoint, Dictionary<string, string> form)
    {
        Endpoint = endpoint;
        Form = form;
    }

    public Uri Endpoint { get; }

    public IReadOnlyDictionary<string, string> Form { get; }

    public static async Task<GoogleCredentialsFile> ReadAsync(
        string path, DateTimeOffset now, string location, CancellationToken cancellationToken)
    {
        try
        {
            using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));
            var root = file.RootElement;
            return root.GetProperty("type").GetString() switch
            {
                "service_account" => new GoogleCredentialsFile(EndpointOf(root), ServiceAccountForm(root, now.ToUnixTimeSeconds())),
                "authorized_user" => new GoogleCredentialsFile(EndpointOf(root), UserForm(root)),
                var type => throw GoogleErrors.NoToken(location, UnsupportedType(type)),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw GoogleErrors.NoToken(location, "the credentials file cannot be read.", error);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException
            or FormatException or CryptographicException)
        {
            // The cause is left out: its text may quote the key.
            throw GoogleErrors.NoToken(location, "the credentials file is not a key file of Google's.");
        }
    }

    private static string UnsupportedType(string? type)
    {
        var meaning = type switch
        {
            "external_account" => " (workload identity federation)",
            "external_account_authorized_user" => " (workforce identity federation)",
            "impersonated_service_account" => " (impersonation)",
            _ => "",
        };
        var shown = CloudErrors.IsCode(type) ? type : "unknown";
        return $"the credentials file is of the type '{shown}'{meaning}, which is not supported. Give a token in its place: "
            + $"{nameof(GoogleCloudStoreOptions.TokenProvider)} or {nameof(GoogleCloudStoreOptions.AccessToken)} of the options, or the "
            + $"variable {GoogleTokens.TokenVariable} with what 'gcloud auth application-default print-access-token' prints, which is "
            + "good for about an hour.";
    }

    private static Uri EndpointOf(JsonElement file)
    {
        var uri = new Uri(file.TryGetProperty("token_uri", out var given) ? given.GetString()! : "https://oauth2.googleapis.com/token");
        return uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback
            ? uri
            : throw new FormatException("The token endpoint is not an https address.");
    }

    private static Dictionary<string, string> UserForm(JsonElement file) => new()
    {
        ["grant_type"] = "refresh_token",
        ["client_id"] = file.GetProperty("client_id").GetString()!,
        ["client_secret"] = file.GetProperty("client_secret").GetString()!,
        ["refresh_token"] = file.GetProperty("refresh_token").GetString()!,
    };

    /// <summary>A token request signed with the account's key (RFC 7523).</summary>
    private static Dictionary<string, string> ServiceAccountForm(JsonElement file, long now)
    {
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
            json.WriteString("aud", EndpointOf(file).AbsoluteUri);
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + 3600);
        });
        var unsigned = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        using var key = RSA.Create();
        key.ImportFromPem(file.GetProperty("private_key").GetString());
        var signature = key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = $"{unsigned}.{Base64Url.EncodeToString(signature)}",
        };
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
}
