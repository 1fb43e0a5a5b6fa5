// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace TorchStreaming.Storage;

/// <summary>One write to a bucket: PutObject, or a multipart upload.</summary>
internal sealed class S3Upload : PartedUpload<PartETag>
{
    /// <summary>The protocol's limit.</summary>
    private const int MaximumParts = 10_000;

    private readonly IAmazonS3 _client;
    private readonly string _bucket;
    private readonly string _key;
    private readonly S3Settings _settings;
    private readonly bool _anonymous;
    private string? _upload;

    public S3Upload(
        IAmazonS3 client, string bucket, string key, string location, S3StoreOptions options, S3Settings settings, bool anonymous)
        : base(location, options.PartSize, S3StoreOptions.MaximumPartSize, MaximumParts, options.UploadConcurrency)
    {
        _client = client;
        _bucket = bucket;
        _key = key;
        _settings = settings;
        _anonymous = anonymous;
    }

    protected override async Task SendWholeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var body = StreamOver(content);
        var request = new PutObjectRequest
        {
            BucketName = _bucket,
            Key = _key,
            InputStream = body,
            AutoCloseStream = false,
            CannedACL = _settings.CannedAcl,
            RequestPayer = Payer,
            // Stores that only resemble S3 do not know the chunked signature.
            UseChunkEncoding = false,
        };
        await CallAsync(() => _client.PutObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = _bucket,
            Key = _key,
            CannedACL = _settings.CannedAcl,
            RequestPayer = Payer,
        };
        var answer = await CallAsync(() => _client.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        _upload = answer.UploadId;
    }

    protected override async Task<PartETag> SendPartAsync(
        int number, long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var body = StreamOver(content);
        var request = new UploadPartRequest
        {
            BucketName = _bucket,
            Key = _key,
            UploadId = _upload,
            PartNumber = number,
            PartSize = content.Length,
            InputStream = body,
            RequestPayer = Payer,
            UseChunkEncoding = false,
        };
        var answer = await CallAsync(() => _client.UploadPartAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new PartETag(number, answer.ETag);
    }

    protected override async Task CompleteAsync(IReadOnlyList<PartETag> parts, long length, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _bucket,
            Key = _key,
            UploadId = _upload,
            PartETags = [.. parts],
            RequestPayer = Payer,
        };
        await CallAsync(() => _client.CompleteMultipartUploadAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    protected override Task AbandonAsync(CancellationToken cancellationToken)
    {
        var request = new AbortMultipartUploadRequest { BucketName = _bucket, Key = _key, UploadId = _upload, RequestPayer = Payer };
        return _client.AbortMultipartUploadAsync(request, cancellationToken);
    }

    private RequestPayer? Payer => _settings.RequesterPays ? RequestPayer.Requester : null;

    private static MemoryStream StreamOver(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw S3Errors.Map(error, "write", Location, _anonymous);
        }
    }
}
