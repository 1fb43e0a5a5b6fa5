// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;

namespace TorchStreaming.Storage;

/// <summary>How an <see cref="AISClient"/> reaches its cluster. What is not set comes from the environment, then from the
/// defaults.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> never shows a token.</remarks>
public sealed record AISClientOptions
{
    /// <summary>Gets the address of a proxy (gateway) of the cluster.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_ENDPOINT</c>, else <c>http://localhost:8080</c>.</value>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the token to authenticate with. It is sent to the endpoint alone, never to a host that a redirect names.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_AUTHN_TOKEN</c>, else the content of the file that
    /// <c>AIS_AUTHN_TOKEN_FILE</c> names, else none.</value>
    public string? Token { get; init; }

    /// <summary>Gets the file with the token, either alone or as <c>{"token": …}</c>; read again when the cluster refuses the token.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? TokenFile { get; init; }

    /// <summary>Gets whether a token of the environment may be sent over plain http to another machine, where others can read it.</summary>
    /// <value>The default is <see langword="false"/>. A token given by <see cref="Token"/> or <see cref="TokenFile"/> is always sent.</value>
    public bool AllowTokenOverHttp { get; init; }

    /// <summary>Gets how calls are tried again: one budget for a call, whatever it asks on the way.</summary>
    /// <value>The default makes five attempts and waits for a byte for 60 seconds, or for <c>AIS_READ_TIMEOUT</c> seconds. The reference
    /// multiplies two layers of retries, which can block for minutes.</value>
    public RetryPolicy? Retry { get; init; }

    /// <summary>Gets how long a connection may take.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_CONNECT_TIMEOUT</c> seconds, else 3 seconds.</value>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Gets how many connections to one host are open at a time.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_MAX_CONN_POOL</c>, else no bound.</value>
    public int? MaxConnectionsPerServer { get; init; }

    /// <summary>Gets whether the cluster's certificate is taken without a check.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_SKIP_VERIFY_CRT</c>, else no.</value>
    public bool? SkipCertificateCheck { get; init; }

    /// <summary>Gets the file (PEM) with the certificate authority that signed the cluster's certificate.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_CLIENT_CA</c>, else the machine's authorities.</value>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>Gets the file (PEM) with the client's certificate; needs <see cref="CertificateKeyFile"/> too.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_CRT</c>.</value>
    public string? CertificateFile { get; init; }

    /// <summary>Gets the file (PEM) with the key of <see cref="CertificateFile"/>.</summary>
    /// <value>The default is <see langword="null"/>: <c>AIS_CRT_KEY</c>.</value>
    public string? CertificateKeyFile { get; init; }

    /// <summary>Gets whether whole objects are compared with the checksum that the cluster sends.</summary>
    /// <value>The default is <see langword="true"/>. The reference does not compare.</value>
    public bool VerifyChecksums { get; init; } = true;

    /// <summary>Gets how often a request may be sent on to another address.</summary>
    /// <value>The default is 4; a read needs one, a transform that is pulled from its server two.</value>
    public int MaxRedirects
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
        = 4;

    /// <summary>Gets a function that turns the address of a target, as the cluster names it, into one that can be reached from here: for
    /// clusters behind address translation, in containers or in Kubernetes.</summary>
    /// <value>The default is <see langword="null"/>: the address is taken as it is.</value>
    public Func<Uri, Uri>? MapTarget { get; init; }

    /// <summary>Gets whether a target may send a read with a transform on to the transform's own server, over plain http too.</summary>
    /// <value>The default is <see langword="false"/>: such a redirect is an error that says so. The token never goes there.</value>
    public bool AllowTransformRedirects { get; init; }

    /// <summary>Gets where the client logs to.</summary>
    /// <value>The default is <see langword="null"/>: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets the clock.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Renders the options without the token.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"AISClientOptions {{ Endpoint = {ObjectStoreLocation.WithoutSecrets(Endpoint?.OriginalString ?? "")} }}";
}
