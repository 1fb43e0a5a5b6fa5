// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace TorchStreaming.Storage;

/// <summary>A bucket, or a prefix in one, at Amazon S3 or at any store that speaks its protocol.</summary>
/// <remarks>Every call is one request (a large write is several) and is tried once: retries belong to the storage decorator. Keys are
/// listed in the order of their UTF-8 bytes, which is ordinal order for all keys without surrogate pairs. Thread-safe. Mirrors upstream's
/// <c>s3://</c> downloader and uploader, and with HMAC keys its <c>gs://</c> ones.</remarks>
internal sealed class S3ObjectStore : IObjectStore
{
    private readonly S3Address _address;
    private readonly S3Settings _settings;
    private readonly S3StoreOptions _options;
    private readonly S3Connection _connection;

    /// <summary>Creates the store; nothing is asked of the network yet.</summary>
    /// <param name="uri"><c>s3://bucket/prefix</c>, <c>gs://bucket/prefix</c> (with HMAC keys) or
    /// <c>oci://bucket[@namespace]/prefix</c>.</param>
    /// <param name="options">How to reach it; <see langword="null"/> for all defaults.</param>
    /// <exception cref="ArgumentException">The address or an option is malformed, or a variable of the environment is.</exception>
    /// <exception cref="StorageException">A <c>gs://</c> address without HMAC keys.</exception>
    public S3ObjectStore(string uri, S3StoreOptions? options = null)
        : this(S3Address.Parse(uri), options ?? new S3StoreOptions(), Environment.GetEnvironmentVariable)
    {
    }

    internal S3ObjectStore(S3Address address, S3StoreOptions options, Func<string, string?> environment, S3Connection? connection = null)
    {
        _address = address;
        _options = options;
        _settings = S3Settings.Resolve(address, options, environment);
        _connection = connection ?? new S3Connection(_settings, options.RequestTimeout);
    }

    /// <inheritdoc/>
    public string Location => _address.Location;

    /// <inheritdoc/>
    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        var request = new GetObjectMetadataRequest { BucketName = _address.Bucket, Key = FullKey(key), RequestPayer = Payer };
        var answer = await CallAsync("look up", key, client => client.GetObjectMetadataAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return new ObjectInfo(key, answer.ContentLength, answer.ETag, Utc(answer.LastModified));
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default)
    {
        ObjectConditions.ThrowIfInvalid(range);
        var location = LocationOf(key);
        var request = new GetObjectRequest
        {
            BucketName = _address.Bucket,
            Key = FullKey(key),
            EtagToMatch = ifMatch,
            RequestPayer = Payer,

            // A whole object is asked for as a range too: of other answers the SDK computes the MD5 to compare it with the tag, which
            // takes a core at link speed and fails where a compatible store's tags are something else.
            ByteRange = new Amazon.S3.Model.ByteRange(CloudHttp.HeaderOf(range ?? new ByteRange(0))),
        };
        if (await CallAsync("read", key, client => GetAsync(client, request, isWhole: range is null, cancellationToken), cancellationToken)
            .ConfigureAwait(false) is { } answer)
        {
            return Open(answer, key, range, ifMatch, cancellationToken);
        }

        var info = await GetInfoAsync(key, cancellationToken).ConfigureAwait(false);
        ObjectConditions.ThrowIfChanged(info, ifMatch, location);
        return info.Size == 0 ? new ObjectContent(info, Stream.Null) : throw ObjectConditions.Changed(location);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var fullKey = FullKey(key);
        var client = await CallAsync("write", key, Task.FromResult, cancellationToken).ConfigureAwait(false);
        var upload = new S3Upload(client, _address.Bucket, fullKey, LocationOf(key), _options, _settings, _connection.IsAnonymous);
        await upload.RunAsync(content, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var request = new ListObjectsV2Request { BucketName = _address.Bucket, Prefix = _address.Prefix + prefix, RequestPayer = Payer };
        while (true)
        {
            var page = await CallAsync("list", prefix, client => client.ListObjectsV2Async(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in page.S3Objects ?? [])
            {
                // The marker object that consoles make for the folder itself has an empty key below the root.
                if (item.Key.Length > _address.Prefix.Length && item.Key.StartsWith(_address.Prefix, StringComparison.Ordinal))
                {
                    yield return new ObjectInfo(item.Key[_address.Prefix.Length..], item.Size ?? 0, item.ETag, Utc(item.LastModified));
                }
            }

            if (page.IsTruncated != true || string.IsNullOrEmpty(page.NextContinuationToken))
            {
                yield break;
            }

            if (page.NextContinuationToken == request.ContinuationToken)
            {
                throw new StorageException(
                    StorageErrorKind.Other, Location, $"Listing '{Location}' does not advance: the store repeats its continuation token.");
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        var request = new DeleteObjectRequest { BucketName = _address.Bucket, Key = FullKey(key), RequestPayer = Payer };
        try
        {
            await CallAsync("delete", key, client => client.DeleteObjectAsync(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StorageException error) when (error.Kind == StorageErrorKind.NotFound)
        {
            // Deleting what is not there is a success; most stores say so themselves.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private RequestPayer? Payer => _settings.RequesterPays ? RequestPayer.Requester : null;

    private string FullKey(string key)
    {
        ObjectKey.ThrowIfInvalid(key);
        return _address.Prefix + key;
    }

    private string LocationOf(string key) => $"{Location}/{key}";

    private async ValueTask<T> CallAsync<T>(
        string what, string key, Func<AmazonS3Client, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            var client = await _connection.GetClientAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await call(client).ConfigureAwait(false);
            }
            catch (AmazonS3Exception error) when (_connection.TryMove(client, S3Errors.RegionOf(error)))
            {
                return await call(await _connection.GetClientAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw S3Errors.Map(error, what, LocationOf(key), _connection.IsAnonymous);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new OperationCanceledException("The call was canceled.", error, cancellationToken);
        }
    }

    /// <summary>Reads an object; null for an empty one, of which no range can be asked.</summary>
    private static async Task<GetObjectResponse?> GetAsync(
        AmazonS3Client client, GetObjectRequest request, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
            if (!isWhole
                || answer.HttpStatusCode != HttpStatusCode.PartialContent
                || ContentRangeHeaderValue.TryParse(answer.ContentRange, out _))
            {
                return answer;
            }

            // Compatible stores invent ranges such as 0 to -1 here.
            answer.Dispose();
            return null;
        }
        catch (AmazonS3Exception error) when (isWhole && error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
    }

    private ObjectContent Open(GetObjectResponse answer, string key, ByteRange? range, string? ifMatch, CancellationToken cancellationToken)
    {
        try
        {
            // Some compatible stores ignore If-Match; a different tag is a changed object all the same.
            var location = LocationOf(key);
            var info = new ObjectInfo(key, -1, answer.ETag, Utc(answer.LastModified));
            ObjectConditions.ThrowIfChanged(info, ifMatch, location);
            var isPartial = answer.HttpStatusCode == HttpStatusCode.PartialContent;
            var served = ContentRangeHeaderValue.TryParse(answer.ContentRange, out var parsed) ? parsed : null;

            // The SDK says 0 for an answer that does not tell its length.
            long? length = string.IsNullOrEmpty(answer.Headers["Content-Length"]) ? null : answer.ContentLength;
            var asked = isPartial ? range ?? new ByteRange(0) : range;
            return CloudHttp.OpenBody(
                answer.ResponseStream, answer, info, new RangeReply(isPartial, length, served), asked, location, cancellationToken);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static DateTimeOffset? Utc(DateTime? time) =>
        time is not { } known ? null
            : known.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(known, TimeSpan.Zero)
            : new DateTimeOffset(known).ToUniversalTime();
}
