// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace TorchStreaming.Storage;

/// <summary>The pools of connections to clusters: one for all clients with the same settings, kept for the life of the process.</summary>
internal static class AISConnections
{
    private static readonly ConcurrentDictionary<Settings, Lazy<HttpMessageInvoker>> Pools = new();

    /// <summary>Gets the pool for completed options.</summary>
    /// <exception cref="ArgumentException">A certificate cannot be read, or its key is missing.</exception>
    public static HttpMessageInvoker For(AISClientOptions options)
    {
        var settings = new Settings(
            options.ConnectTimeout ?? TimeSpan.FromSeconds(3),
            options.MaxConnectionsPerServer ?? int.MaxValue,
            options.SkipCertificateCheck ?? false,
            options.CertificateAuthorityFile,
            options.CertificateFile,
            options.CertificateKeyFile);
        try
        {
            return Pools.GetOrAdd(settings, static key => new Lazy<HttpMessageInvoker>(() => Create(key))).Value;
        }
        catch
        {
            Pools.TryRemove(settings, out _);
            throw;
        }
    }

    private static HttpMessageInvoker Create(Settings settings)
    {
        var tls = new SslClientAuthenticationOptions();
        if (settings.SkipCertificateCheck)
        {
            // The caller asked for it; clusters with self-signed certificates are common in laboratories.
#pragma warning disable CA5359
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        try
        {
            if (settings.AuthorityFile is { } authorities)
            {
                tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
                tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
            }

            if ((settings.CertificateFile is null) != (settings.KeyFile is null))
            {
                throw new ArgumentException("A client certificate of AIStore needs both its file and its key (AIS_CRT and AIS_CRT_KEY).");
            }

            if (settings.CertificateFile is { } certificate)
            {
                tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, settings.KeyFile)];
            }
        }
        catch (Exception error) when (error is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new ArgumentException($"A certificate for AIStore cannot be read: {error.Message}", error);
        }

        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = settings.ConnectTimeout,
            MaxConnectionsPerServer = settings.MaxConnectionsPerServer,

            // Below the 30 s after which AIStore closes idle connections by itself.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // A body that is sent before the proxy answers is lost: bodies belong to targets.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(30),
            SslOptions = tls,
        });
    }

    private sealed record Settings(
        TimeSpan ConnectTimeout,
        int MaxConnectionsPerServer,
        bool SkipCertificateCheck,
        string? AuthorityFile,
        string? CertificateFile,
        string? KeyFile);
}
