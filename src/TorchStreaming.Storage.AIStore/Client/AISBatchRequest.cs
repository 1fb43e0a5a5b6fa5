// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A read of many objects or members of archives in one answer (GetBatch).</summary>
/// <param name="Items">What to read, in order.</param>
internal sealed record AISBatchRequest(IReadOnlyList<AISBatchItem> Items)
{
    /// <summary>Gets whether a missing item is an empty entry with a name of its own rather than the end of the answer.</summary>
    public bool ContinueOnError { get; init; } = true;

    /// <summary>Gets whether the cluster looks for the target that owns most of the items.</summary>
    public bool Colocate { get; init; }

    public string Location => Items[0].Object.ToString();

    /// <summary>Sends the request.</summary>
    /// <returns>The answer: a tar.</returns>
    public async ValueTask<Stream> OpenAsync(AISTransport transport, CancellationToken cancellationToken)
    {
        var bucket = Items[0].Object.Bucket.Identity;
        var body = ToJson();
        var query = Colocate ? bucket.Query + "&coloc=1" : bucket.Query;
        var request = new AISRequest(
            HttpMethod.Get, "/v1/ml/moss/" + bucket.Name, query, "read a batch that starts with", Location)
        {
            Body = () => AISJson.ContentOf(body),
            FollowsPath = true,
        };
        var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new BodyStream(stream, long.MaxValue, CloudErrors.OfBody(Location), cancellationToken, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private byte[] ToJson() => AISJson.Write(json =>
    {
        json.WriteStartArray("in");
        foreach (var item in Items)
        {
            json.WriteStartObject();
            json.WriteString("objname", item.Object.Name);
            var owner = item.Object.Bucket.Identity;
            if (owner.Namespace.IsGlobal)
            {
                json.WriteString("bucket", owner.Name);
                json.WriteString("provider", owner.Provider);
            }
            else
            {
                // The unique name is the only way to say a namespace.
                json.WriteString("uname", owner.UniqueName(item.Object.Name));
            }

            if (item.ArchivePath is { } path)
            {
                json.WriteString("archpath", path);
            }

            if (item.Range is { } range)
            {
                json.WriteNumber("start", range.Offset);
                json.WriteNumber("length", range.Length ?? -1);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("mime", ".tar");
        json.WriteBoolean("coer", ContinueOnError);
        json.WriteBoolean("onob", false);
        json.WriteBoolean("strm", true);
    });
}
