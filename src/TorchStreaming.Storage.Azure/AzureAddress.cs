// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A place in a container, read from any of the forms in use.</summary>
/// <param name="Host">The service's host and port, when the address names it.</param>
/// <param name="IsSecure">Whether the address asks for https.</param>
/// <param name="Container">The container (the file system of a Data Lake).</param>
/// <param name="Prefix">What all keys start with: empty, or ending with <c>/</c>.</param>
/// <param name="Location">The address without secrets.</param>
internal sealed record AzureAddress(string? Host, bool IsSecure, string Container, string Prefix, string Location)
{
    /// <summary>The account that a host of Azure's is named after.</summary>
    public string? Account => Host is null ? null : Host.Split('.', ':')[0];

    /// <summary>Reads an address.</summary>
    /// <param name="uri"><c>azure://HOST/container/path</c>, <c>azure-dl://filesystem/path</c>, <c>az://container/path</c>,
    /// <c>abfss://filesystem@HOST/path</c> or <c>https://HOST/container/path[?signature]</c>.</param>
    /// <param name="signature">The signature in the address, kept out of the record, which shows what it holds.</param>
    public static AzureAddress Parse(string uri, out string? signature)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        signature = null;
        switch (ObjectStoreLocation.GetScheme(uri))
        {
            case "azure":
                var (host, rest) = Split(uri["azure://".Length..]);
                return WithHost("azure", BlobHost(CheckHost(host)), true, rest);
            case "azure-dl":
                return WithoutHost("azure-dl", BucketAddress.Parse(uri, "azure-dl"));
            case "az":
                return WithoutHost("az", BucketAddress.Parse(uri, "az"));
            case "abfss" or "abfs" or "wasbs" or "wasb":
                return ParseHadoop(uri);
            case "https" or "http":
                var query = uri.IndexOf('?', StringComparison.Ordinal);
                signature = query < 0 || query == uri.Length - 1 ? null : uri[(query + 1)..];
                return ParseUrl(query < 0 ? uri : uri[..query]);
            default:
                throw new ArgumentException(
                    "The address starts with none of azure://, azure-dl://, az://, abfss:// and https://.", nameof(uri));
        }
    }

    private static AzureAddress ParseUrl(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? WithHost(
                url.Scheme,
                BlobHost(url.Authority),
                url.Scheme == Uri.UriSchemeHttps,
                Uri.UnescapeDataString(url.AbsolutePath).TrimStart('/'))
            : throw new ArgumentException("The address is not a well-formed URL of a container.", nameof(uri));

    /// <summary>Hadoop's form puts the container in front of the host.</summary>
    private static AzureAddress ParseHadoop(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        var scheme = uri[..colon].ToLowerInvariant();
        var (authority, path) = Split(uri[(colon + 3)..]);
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at == authority.Length - 1)
        {
            throw new ArgumentException(
                $"The address is not of the form {scheme}://container@account.dfs.core.windows.net/path.", nameof(uri));
        }

        var host = CheckHost(authority[(at + 1)..]);
        var container = CheckContainer(authority[..at]);
        var prefix = BucketAddress.PrefixOf(path);
        return new AzureAddress(
            BlobHost(host), true, container, prefix, $"{scheme}://{container}@{host}/{prefix}".TrimEnd('/'));
    }

    private static AzureAddress WithHost(string scheme, string host, bool isSecure, string path)
    {
        var (container, rest) = Split(path);
        var prefix = BucketAddress.PrefixOf(rest);
        return new AzureAddress(host, isSecure, CheckContainer(container), prefix, $"{scheme}://{host}/{container}/{prefix}".TrimEnd('/'));
    }

    private static AzureAddress WithoutHost(string scheme, (string Container, string Prefix) place) =>
        new(null, true, CheckContainer(place.Container), place.Prefix, $"{scheme}://{place.Container}/{place.Prefix}".TrimEnd('/'));

    private static (string Head, string Tail) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
    }

    /// <summary>A Data Lake's files are blobs too; one client serves both.</summary>
    private static string BlobHost(string host) => host.Replace(".dfs.", ".blob.", StringComparison.OrdinalIgnoreCase);

    private static string CheckHost(string host) =>
        host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':')
            ? host
            : throw new ArgumentException(
                "The address names no valid host. Credentials belong in the options or the environment.", nameof(host));

    private static string CheckContainer(string container) =>
        container.Length > 0 && container.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '$')
            ? container
            : throw new ArgumentException("The address names no valid container: letters, digits and hyphens.", nameof(container));
}
