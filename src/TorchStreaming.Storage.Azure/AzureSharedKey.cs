// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace TorchStreaming.Storage;

/// <summary>The account's key, which signs each request (the service's "Shared Key" scheme) and never leaves the process.</summary>
internal sealed class AzureSharedKey : AzureAuthorization
{
    private readonly string _account;
    private readonly byte[] _key;

    public AzureSharedKey(string account, string key)
    {
        _account = account;
        var bytes = new byte[(key.Length / 4 + 1) * 3];

        // Not quoted: it is the key.
        _key = Convert.TryFromBase64String(key, bytes, out var count)
            ? bytes[..count]
            : throw new ArgumentException("The account's key is not base64 text.");
    }

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, string location, CancellationToken cancellationToken)
    {
        var signature = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(StringToSign(request)));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{_account}:{Convert.ToBase64String(signature)}");
        return ValueTask.CompletedTask;
    }

    /// <summary>What the service computes from the request as it arrives; any difference is an authentication failure.</summary>
    internal string StringToSign(HttpRequestMessage request)
    {
        var content = request.Content?.Headers;
        var length = content?.ContentLength is > 0 and { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : "";
        var text = new StringBuilder()
            .Append(request.Method.Method).Append('\n')
            .Append(Header(content, "Content-Encoding")).Append('\n')
            .Append(Header(content, "Content-Language")).Append('\n')
            .Append(length).Append('\n')
            .Append(Header(content, "Content-MD5")).Append('\n')
            .Append(Header(content, "Content-Type")).Append('\n')
            .Append('\n') // Date: x-ms-date is among the headers below.
            .Append(Header(request.Headers, "If-Modified-Since")).Append('\n')
            .Append(Header(request.Headers, "If-Match")).Append('\n')
            .Append(Header(request.Headers, "If-None-Match")).Append('\n')
            .Append(Header(request.Headers, "If-Unmodified-Since")).Append('\n')
            .Append(Header(request.Headers, "Range")).Append('\n');
        foreach (var name in request.Headers.NonValidated.Select(static header => header.Key.ToLowerInvariant())
            .Where(static name => name.StartsWith("x-ms-", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(Header(request.Headers, name)).Append('\n');
        }

        var uri = request.RequestUri!;
        text.Append('/').Append(_account).Append(uri.AbsolutePath);
        foreach (var parameter in Parameters(uri.Query))
        {
            text.Append('\n').Append(parameter.Key).Append(':').Append(parameter.Value);
        }

        return text.ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> Parameters(string query) =>
        query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static part =>
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            return equals < 0
                ? KeyValuePair.Create(part.ToLowerInvariant(), "")
                : KeyValuePair.Create(part[..equals].ToLowerInvariant(), Uri.UnescapeDataString(part[(equals + 1)..]));
        }).OrderBy(static parameter => parameter.Key, StringComparer.Ordinal);

    private static string Header(HttpHeaders? headers, string name) =>
        headers is not null && headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : "";
}
