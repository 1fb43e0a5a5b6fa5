// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Teaches an <see cref="ObjectStoreResolver"/> the addresses of this package.</summary>
public static class GoogleCloudResolverExtensions
{
    /// <summary>Registers <c>gs://</c> through Google's own API. Where the package TorchStreaming.Storage.S3 is registered too, before or
    /// after, it opens these addresses for those who have HMAC keys.</summary>
    /// <param name="resolver">The resolver, for example <see cref="ObjectStoreResolver.Default"/>.</param>
    /// <param name="google">The options; <see langword="null"/> for the defaults, which take everything from the environment.</param>
    /// <returns>The resolver.</returns>
    public static ObjectStoreResolver AddGoogleCloud(this ObjectStoreResolver resolver, GoogleCloudStoreOptions? google = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        resolver.RegisterOtherwise("gs", (location, _) => new GoogleCloudObjectStore(location, google));
        return resolver;
    }
}
