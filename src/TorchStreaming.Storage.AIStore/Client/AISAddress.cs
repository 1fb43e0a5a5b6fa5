// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Reads and writes the addresses of buckets as stores.</summary>
internal static class AISAddress
{
    /// <summary>Reads an address.</summary>
    /// <returns>The bucket; and what all keys start with: empty, or ending with <c>/</c>.</returns>
    public static (AISBucketName Bucket, string Prefix) Parse(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        var scheme = ObjectStoreLocation.GetScheme(uri);
        if (scheme is null || !AISProvider.StoreSchemes.Contains(scheme))
        {
            throw new ArgumentException(
                $"The address does not start with one of {string.Join(", ", AISProvider.StoreSchemes)} and '://'.", nameof(uri));
        }

        var rest = uri[(scheme.Length + 3)..];
        var ns = default(AISNamespace);
        if (rest.StartsWith("%40", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("%23", StringComparison.OrdinalIgnoreCase))
        {
            var end = rest.IndexOf('/', StringComparison.Ordinal);
            ns = AISNamespace.Parse(Uri.UnescapeDataString(end < 0 ? rest : rest[..end]));
            rest = end < 0 ? "" : rest[(end + 1)..];
        }
        else if (rest.StartsWith('@'))
        {
            throw new ArgumentException(
                $"A namespace is written escaped in an address: {scheme}://%40uuid%23name/bucket/prefix.", nameof(uri));
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        var provider = scheme.Length > 4 ? scheme[4..] : AISProvider.Ais;
        return (AISBucketName.Create(bucket, provider, ns), BucketAddress.PrefixOf(slash < 0 ? [] : rest.AsSpan(slash)));
    }

    /// <summary>Writes an address.</summary>
    public static string Format(AISBucketName bucket, string prefix)
    {
        var scheme = bucket.Provider == AISProvider.Ais ? AISProvider.Ais : "ais+" + AISProvider.SchemeOf(bucket.Provider);
        var ns = bucket.Namespace.IsGlobal ? "" : Uri.EscapeDataString(bucket.Namespace.ToString()) + "/";
        return $"{scheme}://{ns}{bucket.Name}/{prefix}".TrimEnd('/');
    }
}
