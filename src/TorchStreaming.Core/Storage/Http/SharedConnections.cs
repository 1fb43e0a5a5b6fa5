// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The process's one pool of HTTP connections.</summary>
internal static class SharedConnections
{
    /// <summary>Gets the pool. Redirects and decompression are left to the caller: the one carries credentials, the other changes
    /// lengths.</summary>
    public static HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),

        // Bounded so that a store that moves to other addresses is found there.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });
}
