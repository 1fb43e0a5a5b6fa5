// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Teaches an <see cref="ObjectStoreResolver"/> the addresses of this package.</summary>
public static class AzureResolverExtensions
{
    private static readonly string[] Schemes = ["azure", "azure-dl", "az", "abfs", "abfss", "wasb", "wasbs"];

    /// <summary>Registers <c>azure://</c>, <c>azure-dl://</c>, <c>az://</c>, <c>abfss://</c> and <c>wasbs://</c>, and takes <c>https://</c>
    /// addresses of Azure's blob hosts, which can then be written and listed; other <c>https://</c> addresses stay plain HTTP.</summary>
    /// <param name="resolver">The resolver, for example <see cref="ObjectStoreResolver.Default"/>.</param>
    /// <param name="azure">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The resolver.</returns>
    public static ObjectStoreResolver AddAzure(this ObjectStoreResolver resolver, AzureStoreOptions? azure = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        foreach (var scheme in Schemes)
        {
            resolver.Register(scheme, (location, _) => new AzureBlobObjectStore(location, azure));
        }

        resolver.RegisterWhere("https", IsContainer, (location, _) => new AzureBlobObjectStore(location, azure));
        return resolver;
    }

    private static bool IsContainer(string location) =>
        Uri.TryCreate(location, UriKind.Absolute, out var uri)
        && uri.AbsolutePath.Length > 1
        && AzureSettings.IsAzure(uri.Host)
        && (uri.Host.Contains(".blob.", StringComparison.OrdinalIgnoreCase)
            || uri.Host.Contains(".dfs.", StringComparison.OrdinalIgnoreCase));
}
