// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The names of backends behind a cluster: AIStore's own, and what people write.</summary>
internal static class AISProvider
{
    public const string Ais = "ais";

    /// <summary>The schemes under which buckets are opened as stores; <c>s3</c> and <c>gs</c> alone mean the cloud itself.</summary>
    public static readonly string[] StoreSchemes = ["ais", "ais+s3", "ais+gs", "ais+az", "ais+oc"];

    /// <summary>Gets AIStore's name of a provider.</summary>
    /// <exception cref="ArgumentException">The provider is not known.</exception>
    public static string Normalize(string provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.ToLowerInvariant() switch
        {
            "" or Ais => Ais,
            "aws" or "s3" => "aws",
            "gcp" or "gs" => "gcp",
            "azure" or "az" => "azure",
            "oci" or "oc" => "oci",
            _ => throw new ArgumentException($"'{provider}' is no provider of AIStore. Known are ais, aws, gcp, azure and oci.", nameof(provider)),
        };
    }

    /// <summary>Gets the scheme that AIStore shows a provider's buckets with.</summary>
    public static string SchemeOf(string provider) => provider switch
    {
        "aws" => "s3",
        "gcp" => "gs",
        "azure" => "az",
        "oci" => "oc",
        _ => provider,
    };
}
