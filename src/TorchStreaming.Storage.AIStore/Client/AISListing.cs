// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace TorchStreaming.Storage;

/// <summary>Reads a bucket's listing page by page until the token is empty, across empty pages, each name once.</summary>
internal sealed class AISListing(AISTransport transport, AISBucketName bucket, AISListOptions options)
{
    /// <summary>A page has at most 10 000 names of at most 1 KB, and their properties.</summary>
    private const int PageLimit = 256 << 20;

    /// <summary>Reads the listing.</summary>
    /// <param name="newSession">Makes the attempts of a page; null for one attempt.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async IAsyncEnumerable<AISListEntry> ReadAsync(
        Func<RetrySession>? newSession, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (uuid, token) = ("", "");
        byte[] last = [];
        do
        {
            var page = newSession is null
                ? await ReadPageAsync(uuid, token, cancellationToken).ConfigureAwait(false)
                : await newSession().RunAsync(
                    bucket.ToString(),
                    (this, uuid, token),
                    static (state, stop) => new ValueTask<AISListPage>(state.Item1.ReadPageAsync(state.uuid, state.token, stop)),
                    cancellationToken).ConfigureAwait(false);
            foreach (var entry in page.Entries)
            {
                if (IsWanted(entry) && Follows(entry.Name, ref last))
                {
                    yield return entry;
                }
            }

            if (page.ContinuationToken.Length > 0 && page.ContinuationToken == token)
            {
                throw new StorageException(
                    StorageErrorKind.Other, bucket.ToString(), $"Could not list '{bucket}': the cluster gives the same page without end.");
            }

            (uuid, token) = (page.Uuid, page.ContinuationToken);
        }
        while (token.Length > 0);
    }

    private bool IsWanted(AISListEntry entry) =>
        !entry.IsDirectory
        && (!entry.IsMisplaced || (options.Flags & (AISListFlags.IncludeMissing | AISListFlags.IncludeDeleted)) != 0)
        && entry.Name.StartsWith(options.Prefix, StringComparison.Ordinal);

    /// <summary>Drops names that come again, as they do while a cluster rebalances. AIStore's own buckets are in the order of their
    /// bytes; of others only neighbors are compared.</summary>
    private bool Follows(string name, ref byte[] last)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var order = bytes.AsSpan().SequenceCompareTo(last);
        if (last.Length > 0 && (order == 0 || (order < 0 && bucket.Provider == AISProvider.Ais)))
        {
            return false;
        }

        last = bytes;
        return true;
    }

    private async Task<AISListPage> ReadPageAsync(string uuid, string token, CancellationToken cancellationToken)
    {
        var body = BodyOf(uuid, token);
        var request = new AISRequest(HttpMethod.Get, $"/v1/buckets/{bucket.Name}", bucket.Query, "list", bucket.ToString())
        {
            Accept = options.PreferJson ? "application/json" : "application/msgpack",
            Body = () => AISJson.ContentOf(body),
        };
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var bytes = await CloudHttp.ReadShortAsync(response, PageLimit, "list", bucket.ToString(), cancellationToken).ConfigureAwait(false);
        try
        {
            return response.Content.Headers.ContentType?.MediaType?.EndsWith("msgpack", StringComparison.OrdinalIgnoreCase) == true
                ? AISListPages.ReadMessagePack(bytes)
                : AISListPages.ReadJson(bytes);
        }
        catch (InvalidDataException error)
        {
            throw CloudErrors.Malformed("list", bucket.ToString(), error);
        }
    }

    private byte[] BodyOf(string uuid, string token) => AISJson.ActionOf("list", json =>
    {
        json.WriteStartObject("value");
        json.WriteString("prefix", options.Prefix);
        json.WriteNumber("pagesize", options.PageSize);
        json.WriteString("uuid", uuid);
        json.WriteString("props", options.Properties);
        json.WriteString("continuation_token", token);
        json.WriteString("flags", ((int)options.Flags).ToString(CultureInfo.InvariantCulture));
        if (options.StartAfter.Length > 0)
        {
            json.WriteString("start_after", options.StartAfter);
        }

        json.WriteEndObject();
    });
}
