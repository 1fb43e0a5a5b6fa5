// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A place in a bucket: <c>s3://bucket/prefix</c>, <c>gs://bucket/prefix</c> or <c>oci://bucket[@namespace]/prefix</c>.</summary>
/// <param name="Scheme"><c>s3</c>, <c>gs</c> or <c>oci</c>.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What all keys start with: empty, or ending with <c>/</c>.</param>
/// <param name="Namespace">The tenancy's namespace of an <c>oci://</c> address that names one.</param>
internal sealed record S3Address(string Scheme, string Bucket, string Prefix, string? Namespace = null)
{
    public string Location =>
        Namespace is null ? $"{Scheme}://{Bucket}/{Prefix}".TrimEnd('/') : $"{Scheme}://{Bucket}@{Namespace}/{Prefix}".TrimEnd('/');

    public static S3Address Parse(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        var split = uri.IndexOf("://", StringComparison.Ordinal);
        var scheme = split < 0 ? "" : uri[..split].ToLowerInvariant();
        if (scheme is not ("s3" or "gs" or "oci"))
        {
            throw new ArgumentException("The address starts with neither s3:// nor gs:// nor oci://.", nameof(uri));
        }

        // Oracle's form names the tenancy after the bucket.
        string? tenancy = null;
        var slash = uri.IndexOf('/', split + 3);
        var at = scheme == "oci" ? uri.IndexOf('@', split + 3, (slash < 0 ? uri.Length : slash) - split - 3) : -1;
        if (at >= 0)
        {
            tenancy = uri[(at + 1)..(slash < 0 ? uri.Length : slash)];
            uri = uri[..at] + (slash < 0 ? "" : uri[slash..]);
            if (tenancy.Length == 0 || !tenancy.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                throw new ArgumentException("The address names no valid namespace. Write oci://bucket@namespace/prefix.", nameof(uri));
            }
        }

        var (bucket, prefix) = BucketAddress.Parse(uri, scheme);
        return new S3Address(scheme, bucket, prefix, tenancy);
    }
}
