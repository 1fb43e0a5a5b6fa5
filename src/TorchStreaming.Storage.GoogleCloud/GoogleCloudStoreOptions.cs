// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>How a <see cref="GoogleCloudObjectStore"/> reaches its bucket. What is not set comes from the environment.</summary>
/// <remarks>Of several sources of a token the first wins: <see cref="Anonymous"/>, <see cref="AccessToken"/>, <see cref="TokenProvider"/>,
/// <see cref="CredentialsFile"/>, then the environment. Immutable and thread-safe. <see cref="ToString"/> never shows a token.</remarks>
public sealed record GoogleCloudStoreOptions
{
    /// <summary>What an upload's part size must be a multiple of: 256 KiB.</summary>
    public const int PartSizeGranularity = 256 << 10;

    /// <summary>Gets the service's address.</summary>
    /// <value>The default is <see langword="null"/>: <c>STORAGE_EMULATOR_HOST</c> when it is set, else
    /// <c>https://storage.googleapis.com</c>.</value>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets a bearer token to send as it is.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? AccessToken { get; init; }

    /// <summary>Gets a function that gives a bearer token; asked before each request, so it should remember one while it is
    /// valid.</summary>
    /// <value>The default is <see langword="null"/>. A store makes one call of it at a time.</value>
    /// <remarks>The way for credentials that this package has no code for, such as workload identity federation and impersonation. What it
    /// throws fails the request with <see cref="StorageErrorKind.Unauthenticated"/>; failures of its connections may be tried
    /// again.</remarks>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>Gets the path of a service account's key file (or of the file that <c>gcloud auth application-default login</c> writes for a
    /// user). Files of workload identity federation and of impersonation are refused.</summary>
    /// <value>The default is <see langword="null"/>: <c>GOOGLE_OAUTH_ACCESS_TOKEN</c> or <c>CLOUDSDK_AUTH_ACCESS_TOKEN</c> (a token), then
    /// <c>GOOGLE_APPLICATION_CREDENTIALS</c> (a file), then gcloud's own file, then the machine's metadata server.</value>
    public string? CredentialsFile { get; init; }

    /// <summary>Gets whether requests go out without a token, for public buckets.</summary>
    /// <value>The default is <see langword="null"/>: only at an emulator, and when none of the sources of a token is there.</value>
    public bool? Anonymous { get; init; }

    /// <summary>Gets the project that pays for requests to requester-pays buckets.</summary>
    /// <value>The default is <see langword="null"/>: the bucket's owner pays.</value>
    public string? UserProject { get; init; }

    /// <summary>Gets the size of an upload's parts in bytes; smaller objects are written with one request.</summary>
    /// <value>The default is 16 MiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a positive multiple of <see cref="PartSizeGranularity"/>.</exception>
    public int PartSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfNotEqual(value % PartSizeGranularity, 0, nameof(value));
            field = value;
        }
    }
        = 16 << 20;

    /// <summary>Gets how long the service may take until it answers a request, the body of an upload's part included and the body of a
    /// download not.</summary>
    /// <value>The default is 100 seconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Renders the options without the token.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"GoogleCloudStoreOptions {{ Endpoint = {ObjectStoreLocation.WithoutSecrets(Endpoint?.OriginalString ?? "")}"
        + $", Anonymous = {Anonymous}, UserProject = {UserProject} }}";
}
