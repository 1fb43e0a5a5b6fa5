// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;

namespace TorchStreaming.Storage;

/// <summary>One write to a container: Put Blob, or blocks and the list that publishes them. Blocks that are never listed expire by
/// themselves.</summary>
internal sealed class AzureBlobUpload : PartedUpload<string>
{
    /// <summary>The service's limit.</summary>
    private const int MaximumBlocks = 50_000;

    private readonly AzureBlobRequests _requests;
    private readonly string _key;

    /// <summary>Writers of the same object must not mix their blocks.</summary>
    private readonly Guid _id = Guid.NewGuid();

    public AzureBlobUpload(AzureBlobRequests requests, string key, string location, AzureStoreOptions options)
        : base(location, options.PartSize, AzureStoreOptions.MaximumPartSize, MaximumBlocks, options.UploadConcurrency)
    {
        _requests = requests;
        _key = key;
    }

    protected override async Task SendWholeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, _requests.BlobUri(_key)) 
        {
            Content = BodyOf(content, "application/octet-stream"),
        };
        request.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
        using var response = await _requests.SendAsync(request, "write", Location, cancellationToken).ConfigureAwait(false);
    }

    protected override Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task<string> SendPartAsync(
        int number, long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var id = BlockId(number);
        using var request = new HttpRequestMessage(
            HttpMethod.Put, _requests.BlobUri(_key, $"comp=block&blockid={Uri.EscapeDataString(id)}"))
        {
            Content = BodyOf(content, "application/octet-stream"),
        };
        using var response = await _requests.SendAsync(request, "write", Location, cancellationToken).ConfigureAwait(false);
        return id;
    }

    protected override async Task CompleteAsync(IReadOnlyList<string> parts, long length, CancellationToken cancellationToken)
    {
        // Block ids are base64: nothing in them needs escaping.
        var blocks = string.Concat(parts.Select(static id => $"<Latest>{id}</Latest>"));
        var list = $"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{blocks}</BlockList>";
        using var request = new HttpRequestMessage(HttpMethod.Put, _requests.BlobUri(_key, "comp=blocklist"))
        {
            Content = BodyOf(Encoding.UTF8.GetBytes(list), "application/xml"),
        };
        request.Headers.TryAddWithoutValidation("x-ms-blob-content-type", "application/octet-stream");
        using var response = await _requests.SendAsync(request, "write", Location, cancellationToken).ConfigureAwait(false);
    }

    protected override Task AbandonAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string BlockId(int number)
    {
        Span<byte> id = stackalloc byte[20];
        _id.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id[16..], number);
        return Convert.ToBase64String(id);
    }

    private static ReadOnlyMemoryContent BodyOf(ReadOnlyMemory<byte> content, string type)
    {
        var body = new ReadOnlyMemoryContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return body;
    }
}
