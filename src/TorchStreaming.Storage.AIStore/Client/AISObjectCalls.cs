// SPDX-License-Identifier: MIT

using System.Net;
using System.Runtime.CompilerServices;

namespace TorchStreaming.Storage;

/// <summary>The objects of one bucket by their literal names, each call tried once: what the store, and what the client's own retries,
/// are made of. Thread-safe.</summary>
internal sealed class AISObjectCalls(AISTransport transport, AISClientOptions options, AISBucketName bucket) : IObjectStore
{
    private static readonly AISReadOptions Plain = new();

    public string Location => bucket.ToString();

    public async ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default)
    {
        var attributes = await HeadAsync(key, cancellationToken).ConfigureAwait(false);
        return new ObjectInfo(key, attributes.Size, attributes.Tag);
    }

    public async Task<AISObjectAttributes> HeadAsync(string name, CancellationToken cancellationToken)
    {
        var request = RequestOf(HttpMethod.Head, name, bucket.Query, "look up") with { AsksTwice = true };
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return AISObjectAttributes.Of(response);
    }

    public ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        OpenAsync(key, range is null ? Plain : new AISReadOptions { Range = range }, ifMatch, cancellationToken);

    /// <summary>Opens an object with all options.</summary>
    public async ValueTask<ObjectContent> OpenAsync(
        string name, AISReadOptions read, string? ifMatch, CancellationToken cancellationToken)
    {
        var opened = await OpenWithAttributesAsync(name, read, ifMatch, options.VerifyChecksums, cancellationToken).ConfigureAwait(false);
        return opened.Content;
    }

    /// <summary>Opens an object and says what the answer's headers say.</summary>
    public async ValueTask<(AISObjectAttributes Attributes, ObjectContent Content)> OpenWithAttributesAsync(
        string name, AISReadOptions read, string? ifMatch, bool verify, CancellationToken cancellationToken)
    {
        read.ThrowIfInvalid();
        var location = LocationOf(name);
        var request = RequestOf(HttpMethod.Get, name, read.ToQuery(bucket), "read") with
        {
            Range = read.Range,
            HasTransform = read.HasTransform,
            AsksTwice = read.IsPlain,
        };
        var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var attributes = AISObjectAttributes.Of(response);
            var info = new ObjectInfo(name, attributes.Size, read.IsPlain ? attributes.Tag : null);
            ObjectConditions.ThrowIfChanged(info, ifMatch, location);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (verify && read.IsPlain && read.Range is null && response.StatusCode == HttpStatusCode.OK
                && attributes.ChecksumValue is not null && ObjectChecksum.Create(attributes.ChecksumType) is { } checksum)
            {
                body = new AISChecksummedStream(body, attributes.Size, checksum, attributes, location);
            }

            return (attributes, CloudHttp.OpenBody(
                body, response, info, RangeReply.Of(response), read.Range, location, cancellationToken));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        await PutAsync(key, new AISUpload(content, LocationOf(key)), null, cancellationToken).ConfigureAwait(false);

    /// <summary>Writes an object.</summary>
    /// <param name="name">The object.</param>
    /// <param name="upload">The content.</param>
    /// <param name="xxHash">The content's XXH64, which the cluster checks; null when it is not known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<AISObjectAttributes> PutAsync(
        string name, AISUpload upload, string? xxHash, CancellationToken cancellationToken)
    {
        var request = RequestOf(HttpMethod.Put, name, bucket.Query, "write") with
        {
            ExpectContinue = true,
            Body = () =>
            {
                var content = new AISUploadContent(upload);
                if (xxHash is not null)
                {
                    content.Headers.TryAddWithoutValidation("Ais-Checksum-Type", "xxhash2");
                    content.Headers.TryAddWithoutValidation("Ais-Checksum-Value", xxHash);
                }

                return content;
            },
        };
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return AISObjectAttributes.Of(response);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var listing = new AISListing(transport, bucket, new AISListOptions { Prefix = prefix });
        await foreach (var entry in listing.ReadAsync(null, cancellationToken).ConfigureAwait(false))
        {
            yield return new ObjectInfo(entry.Name, entry.Size);
        }
    }

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        var request = RequestOf(HttpMethod.Delete, key, bucket.Query, "delete");
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public string LocationOf(string name) => $"{bucket}/{name}";

    private AISRequest RequestOf(HttpMethod method, string name, string query, string what)
    {
        AISObjectName.ThrowIfInvalid(name);
        return new AISRequest(method, $"/v1/objects/{bucket.Name}/{AISObjectName.Escape(name)}", query, what, LocationOf(name));
    }
}
