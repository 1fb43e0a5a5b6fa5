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
    private readonly Func<IClientConfig, CancellationToken, Task<AWSCredentials?>> _chain;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile AmazonS3Client? _client;

    public S3Connection(
        S3Settings settings, TimeSpan requestTimeout, Func<IClientConfig, CancellationToken, Task<AWSCredentials?>>? chain = null)
    {
        _settings = settings;
        _chain = chain ?? ResolveChainAsync;
        _config = new AmazonS3Config
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
            _config.ServiceURL = endpoint.AbsoluteUri;
            _config.AuthenticationRegion = settings.Region ?? "us-east-1";
        }
        else if (settings.Region is { } region)
        {
            _config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        _config.ForcePathStyle = settings.PathStyle;
    }

    /// <summary>Gets whether requests go out unsigned; known after the first request.</summary>
    public bool IsAnonymous { get; private set; }

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
