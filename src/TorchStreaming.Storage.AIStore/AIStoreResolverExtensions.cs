// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Teaches an <see cref="ObjectStoreResolver"/> the addresses of this package.</summary>
public static class AIStoreResolverExtensions
{
    private static readonly string[] Schemes = ["ais", "ais+s3", "ais+gs", "ais+az", "ais+oc"];

    /// <summary>Registers <c>ais://</c>, and <c>ais+s3://</c>, <c>ais+gs://</c>, <c>ais+az://</c> and <c>ais+oc://</c> for buckets of remote
    /// backends. Programs that use the package TorchStreaming need it only for options of their own.</summary>
    /// <param name="resolver">The resolver, for example <see cref="ObjectStoreResolver.Default"/>.</param>
    /// <param name="aistore">How to reach the cluster; <see langword="null"/> takes everything from the environment.</param>
    /// <returns>The resolver.</returns>
    public static ObjectStoreResolver AddAIStore(this ObjectStoreResolver resolver, AISClientOptions? aistore = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        foreach (var scheme in Schemes)
        {
            resolver.Register(scheme, (location, _) => new AIStoreObjectStore(location, aistore));
        }

        return resolver;
    }

    /// <summary>Registers the same schemes, but for those that are registered.</summary>
    internal static void AddAIStoreWhereMissing(this ObjectStoreResolver resolver)
    {
        foreach (var scheme in Schemes)
        {
            resolver.RegisterWhereMissing(scheme, static (location, _) => new AIStoreObjectStore(location));
        }
    }
}
