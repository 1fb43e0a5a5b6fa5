// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TorchStreaming.TestKit;

/// <summary>A certificate for a server on loopback that nobody but the test trusts.</summary>
public sealed class LoopbackCertificate : IDisposable
{
    /// <summary>Makes the certificate.</summary>
    public LoopbackCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Through its serialized form, so that the server's side of every platform can use the key.
        Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Gets the certificate with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Makes a client that trusts this certificate and no other.</summary>
    public HttpMessageInvoker CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, presented, _, _) =>
                presented is not null && presented.GetCertHash().AsSpan().SequenceEqual(Certificate.GetCertHash()),
        },
    });

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
