// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What identifies a bucket within a cluster.</summary>
/// <param name="Name">The name, 1 to 64 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
/// <param name="Provider">AIStore's name of the backend: <c>ais</c>, <c>aws</c>, <c>gcp</c>, <c>azure</c> or <c>oci</c>.</param>
/// <param name="Namespace">The namespace.</param>
internal sealed record AISBucketName(string Name, string Provider, AISNamespace Namespace)
{
    /// <summary>Makes a name, checking its parts.</summary>
    /// <param name="name">The bucket.</param>
    /// <param name="provider">The backend, by AIStore's name or by its scheme (<c>s3</c>, <c>gs</c>, <c>az</c>, <c>oc</c>).</param>
    /// <param name="ns">The namespace.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">A part is malformed.</exception>
    public static AISBucketName Create(string name, string provider = AISProvider.Ais, AISNamespace ns = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || name is "." or "..")
        {
            throw new ArgumentException(
                $"'{name}' is no bucket: names have 1 to 64 letters, digits, '-', '_' and '.'.", nameof(name));
        }

        return new AISBucketName(name, AISProvider.Normalize(provider), ns.IsGlobal ? new AISNamespace("", "") : ns);
    }

    /// <summary>Renders the bucket as AIStore's messages do.</summary>
    /// <returns>For example <c>ais://imagenet</c>, <c>s3://imagenet</c>, <c>ais://@uuid#ns/imagenet</c>.</returns>
    public override string ToString()
    {
        var inside = Namespace.IsGlobal ? Name : $"{Namespace}/{Name}";
        return $"{AISProvider.SchemeOf(Provider)}://{inside}";
    }

    /// <summary>Gets what the cluster hashes to find an object's owner.</summary>
    internal string UniqueName(string objectName) => $"{Provider}/{Namespace}/{Name}/{objectName}";

    /// <summary>Gets the part of the query that identifies the bucket.</summary>
    internal string Query => Namespace.IsGlobal
        ? $"provider={Provider}"
        : $"provider={Provider}&namespace={Uri.EscapeDataString(Namespace.ToString())}";
}
