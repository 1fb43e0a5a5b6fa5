// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TorchStreaming.Storage;

/// <summary>A client of an AIStore cluster. Calls go to one proxy, which sends them on to targets; transient failures  are tried again
/// within one budget for each call (<see cref="AISClientOptions.Retry"/>).</summary>
/// <remarks>Thread-safe; clients with the same settings share their connections, so there is nothing to dispose and no need for one client
/// for each worker. Mirrors <c>aistore.sdk.Client</c>.</remarks>
public sealed class AISClient
{
    private readonly RetryPolicy _retry;
    private readonly ILogger _logger;

    /// <summary>Creates a client; no I/O is done yet, but for the files of certificates and tokens.</summary>
    /// <param name="endpoint">The address of a proxy; <see langword="null"/> for the options', then the environment's
    /// (<c>AIS_ENDPOINT</c>).</param>
    /// <param name="options">How to reach it; <see langword="null"/> for all defaults.</param>
    /// <exception cref="ArgumentException">The address, a variable of the environment or a certificate is malformed.</exception>
    public AISClient(string? endpoint = null, AISClientOptions? options = null)
        : this(WithEndpoint(options ?? new AISClientOptions(), endpoint), Environment.GetEnvironmentVariable)
    {
    }

    internal AISClient(AISClientOptions options, Func<string, string?> environment)
    {
        Options = AISEnvironment.Complete(options, environment);
        _retry = Options.Retry!;
        _logger = (Options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<AISClient>();
        Transport = new AISTransport(Options, AISTokenSource.Create(Options, environment));
    }

    /// <summary>Gets the address of the proxy.</summary>
    public Uri Endpoint => Transport.Endpoint;

    internal AISClientOptions Options { get; }

    internal AISTransport Transport { get; }

    /// <summary>Names a bucket. No I/O is done.</summary>
    /// <param name="name">The bucket.</param>
    /// <param name="provider">The backend: <c>ais</c>, <c>aws</c> or <c>s3</c>, <c>gcp</c> or <c>gs</c>, <c>azure</c> or <c>az</c>,
    /// <c>oci</c> or <c>oc</c>.</param>
    /// <param name="ns">The namespace.</param>
    /// <returns>The bucket.</returns>
    /// <exception cref="ArgumentException">A part is malformed.</exception>
    public AISBucket Bucket(string name, string provider = AISProvider.Ais, AISNamespace ns = default) =>
        new(this, AISBucketName.Create(name, provider, ns));

    /// <summary>Lists the buckets of a backend.</summary>
    /// <param name="provider">The backend.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The buckets.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    public async ValueTask<IReadOnlyList<AISBucket>> ListBucketsAsync(
        string provider = AISProvider.Ais, CancellationToken cancellationToken = default)
    {
        var query = "provider=" + AISProvider.Normalize(provider);
        var body = AISJson.ActionOf("list");
        var request = new AISRequest(HttpMethod.Get, "/v1/buckets", query, "list the buckets of", Endpoint.Authority)
        {
            Accept = "application/json",
            Body = () => AISJson.ContentOf(body),
        };
        return await ReadJsonAsync(
            request,
            root => root.EnumerateArray().Select(item => new AISBucket(this, AISBuckets.ReadName(item))).ToList(),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets the members of the cluster.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The members.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    internal async ValueTask<AISClusterMap> GetClusterMapAsync(CancellationToken cancellationToken = default)
    {
        var request = new AISRequest(HttpMethod.Get, "/v1/daemon", "what=smap", "read the map of", Endpoint.Authority);
        return await ReadJsonAsync(request, AISClusterMap.Read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks whether the cluster is up. Asked once, not again: poll it to wait for a start.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether a primary proxy is ready to serve.</returns>
    public async ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        var request = new AISRequest(HttpMethod.Get, "/v1/health", "prr=true", "ask for the health of", Endpoint.Authority);
        try
        {
            return await NewSession().AttemptAsync(
                Endpoint.Authority,
                (Transport, request),
                static async (state, token) =>
                {
                    using var response = await state.Transport.SendAsync(state.request, token).ConfigureAwait(false);
                    return response.StatusCode == HttpStatusCode.OK;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (error.IsTransient)
        {
            return false;
        }
    }

    /// <summary>Asks whether a transform (ETL) runs.</summary>
    /// <param name="name">The transform.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What is known about it.</returns>
    /// <exception cref="StorageException">The call failed for another reason than the caller's rights or the cluster's set-up.</exception>
    internal async ValueTask<AISEtlState> GetEtlStateAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new AISRequest(HttpMethod.Get, "/v1/etl", "", "list the transforms of", Endpoint.Authority);
        try
        {
            return await ReadJsonAsync(request, root => AISEtl.Find(root, name), cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException error) when (AISEtl.StateOf(error) is { } state)
        {
            return state;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Client of the cluster at {Endpoint.Scheme}://{Endpoint.Authority}";

    /// <summary>Starts a read of many objects, or of many members of archives, in one answer.</summary>
    /// <param name="batch">What to read.</param>
    /// <param name="cancellationToken">Ends the call and later reads of the answer.</param>
    /// <returns>The answer: an archive whose entries are in the order of the request. It may end early in spite of a good status, so the
    /// reader must count.</returns>
    /// <exception cref="StorageException">The call failed.</exception>
    internal async ValueTask<Stream> OpenBatchAsync(AISBatchRequest batch, CancellationToken cancellationToken)
    {
        var session = NewSession();
        var stream = await session.RunAsync(
            batch.Location, (Transport, batch), static (state, token) => state.batch.OpenAsync(state.Transport, token), cancellationToken)
            .ConfigureAwait(false);
        return new StallBoundedStream(stream, session, batch.Location);
    }

    internal RetrySession NewSession() => new(_retry, Options.TimeProvider, _logger);

    /// <summary>Makes attempts of a call until one succeeds or the budget is spent.</summary>
    internal ValueTask<T> RunAsync<T, TState>(
        string location, TState state, Func<TState, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        NewSession().RunAsync(location, state, attempt, cancellationToken);

    /// <summary>Makes a call whose answer is not read.</summary>
    internal async ValueTask CallAsync(AISRequest request, CancellationToken cancellationToken) => await RunAsync(
        request.Location,
        (Transport, request),
        static async (state, token) =>
        {
            using var response = await state.Transport.SendAsync(state.request, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    private ValueTask<T> ReadJsonAsync<T>(AISRequest request, Func<JsonElement, T> read, CancellationToken cancellationToken) => RunAsync(
        request.Location,
        (Transport, request, read),
        static async (state, token) =>
        {
            using var response = await state.Transport.SendAsync(state.request, token).ConfigureAwait(false);
            return await AISJson.ReadAsync(response, state.request, state.read, token).ConfigureAwait(false);
        },
        cancellationToken);

    private static AISClientOptions WithEndpoint(AISClientOptions options, string? endpoint)
    {
        if (endpoint is null)
        {
            return options;
        }

        return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? options with { Endpoint = uri }
            : throw new ArgumentException(
                $"'{ObjectStoreLocation.WithoutSecrets(endpoint)}' is not the http:// or https:// address of a proxy.", nameof(endpoint));
    }
}
