// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Teaches an <see cref="ObjectStoreResolver"/> the addresses of this package.</summary>
public static class S3ResolverExtensions
{
    /// <summary>Registers <c>s3://</c> and <c>oci://</c>, and <c>gs://</c> for those who have HMAC keys; the others need the package
    /// TorchStreaming.Storage.GoogleCloud, registered before or after.</summary>
    /// <param name="resolver">The resolver, for example <see cref="ObjectStoreResolver.Default"/>.</param>
    /// <param name="amazon">The options of <c>s3://</c>; <see langword="null"/> for the defaults.</param>
    /// <param name="google">The options of <c>gs://</c>; its keys count like <c>GCS_KEY</c> and <c>GCS_SECRET</c>.</param>
    /// <param name="oracle">The options of <c>oci://</c>; <see langword="null"/> for the defaults.</param>
    /// <returns>The resolver.</returns>
    public static ObjectStoreResolver AddS3(
        this ObjectStoreResolver resolver, S3StoreOptions? amazon = null, S3StoreOptions? google = null, S3StoreOptions? oracle = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        resolver.Register("s3", (location, _) => new S3ObjectStore(location, amazon));
        resolver.Register("oci", (location, _) => new S3ObjectStore(location, oracle));
        resolver.RegisterWhere(
            "gs",
            _ => google?.AccessKey is not null || (HasVariable("GCS_KEY") && HasVariable("GCS_SECRET")),
            (location, _) => new S3ObjectStore(location, google));
        return resolver;
    }

    private static bool HasVariable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
