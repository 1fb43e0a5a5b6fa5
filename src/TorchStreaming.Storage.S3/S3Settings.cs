// SPDX-License-Identifier: MIT

using Amazon.Runtime;
using Amazon.S3;

namespace TorchStreaming.Storage;

/// <summary>What the options, the address and the environment together say. A pure function of the three, so that it is tested without a
/// store.</summary>
internal sealed class S3Settings
{
    /// <summary>The variables that show that somebody meant the caller to have credentials; then their absence is an error, not a public
    /// bucket.</summary>
    private static readonly string[] CredentialVariables =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];

    public Uri? Endpoint { get; private init; }

    public string? Region { get; private init; }

    public bool PathStyle { get; private init; }

    /// <summary>The keys given by hand or by the scheme's own variables; null for the AWS chain.</summary>
    public AWSCredentials? Credentials { get; private init; }

    /// <summary>Whether an empty chain means a public bucket.</summary>
    public bool MayBeAnonymous { get; private init; }

    public bool RequesterPays { get; private init; }

    public S3CannedACL? CannedAcl { get; private init; }

    public static S3Settings Resolve(S3Address address, S3StoreOptions options, Func<string, string?> environment)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        if (options.AccessKey is null != options.SecretKey is null)
        {
            throw new ArgumentException(
                $"{nameof(S3StoreOptions.AccessKey)} and {nameof(S3StoreOptions.SecretKey)} belong together; one of them is missing.",
                nameof(options));
        }

        var region = options.Region
            ?? (address.Scheme == "oci" ? Variable("OCI_REGION") : null)
            ?? (address.Scheme == "gs" ? "auto" : Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION"));
        var endpoint = options.Endpoint ?? address.Scheme switch
        {
            "gs" => new Uri("https://storage.googleapis.com"),
            "oci" => OracleEndpoint(address.Namespace ?? Variable("OCI_NAMESPACE"), region),
            _ => EndpointVariable(Variable, "S3_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
        };
        var acl = options.CannedAcl ?? Variable("S3_CANNED_ACL");
        return new S3Settings
        {
            Endpoint = endpoint,
            Region = region,
            PathStyle = options.PathStyle ?? (endpoint is not null && !IsAmazon(endpoint)),
            Credentials = KeysOf(address, options, Variable),
            MayBeAnonymous = options.Anonymous is null && !CredentialVariables.Any(name => Variable(name) is not null),
            RequesterPays = options.RequesterPays
                ?? (Variable("MOSAICML_STREAMING_AWS_REQUESTER_PAYS") ?? "").Split(',', StringSplitOptions.TrimEntries)
                    .Contains(address.Bucket, StringComparer.Ordinal),
            CannedAcl = acl is null ? null : new S3CannedACL(acl),
        };
    }

    private static AWSCredentials? KeysOf(S3Address address, S3StoreOptions options, Func<string, string?> variable)
    {
        if (options.Anonymous == true)
        {
            return new AnonymousAWSCredentials();
        }

        var (key, secret) = (options.AccessKey, options.SecretKey);
        if (key is null && address.Scheme == "gs")
        {
            (key, secret) = (variable("GCS_KEY"), variable("GCS_SECRET"));
            if (key is null || secret is null)
            {
                throw new StorageException(
                    StorageErrorKind.Unauthenticated,
                    address.Location,
                    $"'{address.Location}' is to be read through Google's S3-compatible API, which needs the HMAC keys GCS_KEY and "
                        + "GCS_SECRET; they are not set.");
            }
        }

        return key is null ? null
            : options.SessionToken is { } token ? new SessionAWSCredentials(key, secret, token)
            : new BasicAWSCredentials(key, secret);
    }

    private static Uri OracleEndpoint(string? tenancy, string? region) =>
        tenancy is not null && region is not null && tenancy.All(IsHostCharacter) && region.All(IsHostCharacter)
            ? new Uri($"https://{tenancy}.compat.objectstorage.{region}.oraclecloud.com")
            : throw new ArgumentException(
                "An oci:// address needs the namespace (oci://bucket@namespace/… or OCI_NAMESPACE) and the region (OCI_REGION or the "
                    + "options), or an endpoint in the options.");

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static Uri? EndpointVariable(Func<string, string?> variable, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (variable(name) is { } text)
            {
                return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                    ? uri
                    : throw new ArgumentException($"The variable {name} is not an http:// or https:// address.");
            }
        }

        return null;
    }

    private static bool IsAmazon(Uri endpoint) =>
        endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
        || endpoint.Host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase);
}
