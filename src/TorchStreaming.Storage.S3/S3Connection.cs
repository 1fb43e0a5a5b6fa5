// SPDX-License-Identifier: MIT

using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;

namespace TorchStreaming.Storage;

/// <summary>Makes the SDK's client at the first request, since finding credentials may itself need the network.</summary>
internal sealed class S3Connection : IDisposable
{
    private readonly S3Settings _settings;
    private readonly AmazonS3Config _config;
    private readonly TimeSpan _requestTimeout;
    private readonly Func<IClientConfig, CancellationToken, Task<AWSCredentials?>> _chain;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lock _moving = new();
    private readonly List<AmazonS3Client> _left = [];
    private volatile AmazonS3Client? _client;
    private AWSCredentials? _credentials;

    public S3Connection(
        S3Settings settings, TimeSpan requestTimeout, Func<IClientConfig, CancellationToken, Task<AWSCredentials?>>? chain = null)
    {
        _settings = settings;
        _chain = chain ?? ResolveChainAsync;
        _config = CreateConfig(settings, settings.Region, requestTimeout);
        _requestTimeout = requestTimeout;
    }

    /// <summary>Gets whether requests go out unsigned; known after the first request.</summary>
    public bool IsAnonymous { get; private set; }

    /// <summary>Moves on to the region that the store says the bucket is in. The host stays the endpoint's, or one of Amazon's that the
    /// region's name alone decides: no store sends signed requests elsewhere.</summary>
    /// <param name="client">The client whose request was refused.</param>
    /// <param name="region">The region, or <see langword="null"/> when the store named none.</param>
    /// <returns>Whether it is worth asking again.</returns>
    public bool TryMove(AmazonS3Client client, string? region)
    {
        if (region is null || !region.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return false;
        }

        lock (_moving)
        {
            if (_client != client)
            {
                // Another call has moved meanwhile.
                return true;
            }

            if (RegionOf(client) == region)
            {
                return false;
            }

            _left.Add(client);
            _client = new AmazonS3Client(_credentials, CreateConfig(_settings, region, _requestTimeout));
            return true;
        }
    }

    private static string? RegionOf(AmazonS3Client client) =>
        client.Config.AuthenticationRegion ?? client.Config.RegionEndpoint?.SystemName;

    private static AmazonS3Config CreateConfig(S3Settings settings, string? region, TimeSpan requestTimeout)
    {
        var config = new AmazonS3Config
        {
            // Retries live in one place, the storage decorator.
            MaxErrorRetry = 0,
            ThrottleRetries = false,
            Timeout = requestTimeout,
            // Stores that only resemble S3 refuse or mangle the trailing checksums; shards carry their own sizes and hashes.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            // The SDK's request log would show addresses and headers.
            DisableLogging = true,
        };
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = region ?? "us-east-1";
        }
        else if (region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        config.ForcePathStyle = settings.PathStyle;
        return config;
    }

    public async ValueTask<AmazonS3Client> GetClientAsync(CancellationToken cancellationToken)
    {
        if (_client is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_client is null)
            {
                var credentials = _settings.Credentials ?? await FindCredentialsAsync(cancellationToken).ConfigureAwait(false);
                IsAnonymous = credentials is AnonymousAWSCredentials;
                if (_settings.Endpoint is null && _settings.Region is null && _config.RegionEndpoint is null)
                {
                    _config.RegionEndpoint = RegionEndpoint.USEast1;
                }

                _credentials = credentials;
                _client = new AmazonS3Client(credentials, _config);
            }

            return _client;
        }
        finally
        {
            _opening.Release();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _left.ForEach(static client => client.Dispose());
        _opening.Dispose();
    }

    private async Task<AWSCredentials> FindCredentialsAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _chain(_config, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }
        catch (AmazonClientException) when (_settings.MayBeAnonymous)
        {
            // Nobody configured credentials and none were found: the bucket is meant to be public.
        }

        return _settings.MayBeAnonymous
            ? new AnonymousAWSCredentials()
            : throw new AmazonClientException("The AWS credential chain found no credentials.");
    }

    private static async Task<AWSCredentials?> ResolveChainAsync(IClientConfig config, CancellationToken cancellationToken)
    {
        var resolver = new DefaultAWSCredentialsIdentityResolver();
        return (AWSCredentials?)await resolver.ResolveIdentityAsync(config, cancellationToken).ConfigureAwait(false);
    }
}
