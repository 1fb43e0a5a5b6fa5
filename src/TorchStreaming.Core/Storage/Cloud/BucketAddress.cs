// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Storage;

/// <summary>Reads <c>scheme://bucket/prefix</c> by hand: <see cref="Uri"/> would fold the bucket's case and take a '?' in a key for a
/// query.</summary>
internal static class BucketAddress
{
    private static readonly SearchValues<char> NotInBucket = SearchValues.Create("@:?#\\ ");

    /// <summary>Reads an address.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="scheme">The scheme it must have.</param>
    /// <returns>The bucket; and what all keys start with: empty, or ending with <c>/</c>.</returns>
    public static (string Bucket, string Prefix) Parse(string uri, string scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        var head = scheme + "://";
        if (!uri.StartsWith(head, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The address does not start with {head}.", nameof(uri));
        }

        var rest = uri.AsSpan(head.Length);
        var slash = rest.IndexOf('/');
        var bucket = slash < 0 ? rest : rest[..slash];
        if (bucket.IsEmpty || bucket.ContainsAny(NotInBucket))
        {
            // Not echoed: what is before an '@' in such an address is usually a key and its secret.
            throw new ArgumentException(
                $"The address names no valid bucket. Write {head}bucket/prefix; credentials belong in the options or the "
                    + "environment.", nameof(uri));
        }

        return (bucket.ToString(), PrefixOf(slash < 0 ? [] : rest[slash..]));
    }

    /// <summary>Makes the prefix of all keys from a path.</summary>
    public static string PrefixOf(ReadOnlySpan<char> path)
    {
        var prefix = path.Trim('/').ToString();
        if (prefix.Length == 0)
        {
            return "";
        }

        ObjectKey.ThrowIfInvalid(prefix, "uri");
        return prefix + "/";
    }
}
