// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>How an <see cref="S3ObjectStore"/> reaches its bucket. Everything that is not set comes from the environment and the AWS
/// profile.</summary>
/// <remarks>Immutable and thread-safe. <see cref="ToString"/> never shows a key.</remarks>
public sealed record S3StoreOptions
{
    /// <summary>The smallest part that the protocol allows: 5 MiB.</summary>
    public const int MinimumPartSize = 5 << 20;

    /// <summary>The largest part that is buffered here: 1 GiB.</summary>
    public const int MaximumPartSize = 1 << 30;

    /// <summary>Gets the address of an S3-compatible store.</summary>
    /// <value>The default is <see langword="null"/>: for <c>s3://</c> the variables <c>S3_ENDPOINT_URL</c>, <c>AWS_ENDPOINT_URL_S3</c> and
    /// <c>AWS_ENDPOINT_URL</c> in this order, then Amazon's own; for <c>gs://</c> <c>https://storage.googleapis.com</c>; for <c>oci://</c>
    /// the compatibility endpoint of the namespace and region.</value>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the region that requests are signed for.</summary>
    /// <value>The default is <see langword="null"/>: <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, the profile, then <c>us-east-1</c>. For
    /// <c>oci://</c> <c>OCI_REGION</c> comes first, and one of them must be set.</value>
    public string? Region { get; init; }

    /// <summary>Gets whether the bucket is named in the path rather than in the host.</summary>
    /// <value>The default is <see langword="null"/>: yes at any endpoint but Amazon's own.</value>
    public bool? PathStyle { get; init; }

    /// <summary>Gets whether requests go out unsigned, for public buckets.</summary>
    /// <value>The default is <see langword="null"/>: only when the environment names no credentials and the AWS chain finds none.</value>
    /// <remarks>Upstream fails on a public bucket unless some credentials exist.</remarks>
    public bool? Anonymous { get; init; }

    /// <summary>Gets the access key id.</summary>
    /// <value>The default is <see langword="null"/>: the AWS credential chain (environment, profile, SSO, web identity, container,
    /// instance); for <c>gs://</c> <c>GCS_KEY</c>.</value>
    public string? AccessKey { get; init; }

    /// <summary>Gets the secret access key that belongs to <see cref="AccessKey"/>.</summary>
    /// <value>The default is <see langword="null"/>; for <c>gs://</c> <c>GCS_SECRET</c>.</value>
    public string? SecretKey { get; init; }

    /// <summary>Gets the session token that belongs to temporary keys.</summary>
    /// <value>The default is <see langword="null"/>: the keys are permanent.</value>
    public string? SessionToken { get; init; }

    /// <summary>Gets whether the caller agrees to pay for requests to the bucket.</summary>
    /// <value>The default is <see langword="null"/>: when the comma-separated list <c>MOSAICML_STREAMING_AWS_REQUESTER_PAYS</c> names the
    /// bucket.</value>
    public bool? RequesterPays { get; init; }

    /// <summary>Gets the canned access list of objects written, for example <c>public-read</c>.</summary>
    /// <value>The default is <see langword="null"/>: <c>S3_CANNED_ACL</c>, else the bucket's own rule.</value>
    public string? CannedAcl { get; init; }

    /// <summary>Gets the size of an upload's parts in bytes; smaller objects are written with one request.</summary>
    /// <value>The default is 16 MiB. Objects too large for 10 000 such parts get larger parts when their length is known.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [<see cref="MinimumPartSize"/>,
    /// <see cref="MaximumPartSize"/>].</exception>
    public int PartSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinimumPartSize);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaximumPartSize);
            field = value;
        }
    }
        = 16 << 20;

    /// <summary>Gets how many parts of one upload are under way at once; each holds a buffer of <see cref="PartSize"/> bytes.</summary>
    /// <value>The default is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [1, 64].</exception>
    public int UploadConcurrency
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64);
            field = value;
        }
    }
        = 4;

    /// <summary>Gets how long the store may take until it answers a request, the body of an upload's part included and the body of a
    /// download not.</summary>
    /// <value>The default is 100 seconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Renders the options without the keys.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"S3StoreOptions {{ Endpoint = {ObjectStoreLocation.WithoutSecrets(Endpoint?.OriginalString ?? "")}"
        + $", Region = {Region}, Anonymous = {Anonymous}, "
        + $"AccessKey = {(AccessKey is null ? "none" : "set")} }}";
}
