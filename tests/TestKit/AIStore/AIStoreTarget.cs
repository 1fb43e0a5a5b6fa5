// SPDX-License-Identifier: MIT

using System.Globalization;
using System.IO.Hashing;
using Microsoft.AspNetCore.Http;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>A target of an <see cref="AIStoreServer"/>.</summary>
internal sealed class AIStoreTarget(AIStoreServer server)
{
    public async Task AnswerAsync(AIStoreCall call)
    {
        switch (call.Segments)
        {
            case ["v1", "objects", var bucket, .. var name]:
                await AnswerObjectAsync(call, call.BucketOf(bucket), string.Join('/', name));
                break;
            case ["v1", "ml", "moss", ..]:
                await AIStoreBatches.SendAsync(server, call);
                break;
            default:
                await call.FailAsync(404, "invalid path");
                break;
        }
    }

    /// <summary>Answers as the server of a transform does.</summary>
    public async Task TransformAsync(AIStoreCall call)
    {
        var bucket = call.BucketOf(call.Segments[1]);
        var stored = server.Contents.Find(bucket, string.Join('/', call.Segments[2..]))!;
        await SendTransformedAsync(call, stored.Content);
    }

    private async Task AnswerObjectAsync(AIStoreCall call, AISBucketName bucket, string name)
    {
        if (call.Request.Method is "PUT" or "DELETE" or "POST" && !call.IsRedirected)
        {
            await call.FailAsync(400, "the request is expected to be redirected");
            return;
        }

        if (call.Request.Method == "GET" && !call.IsRedirected && server.RequiredToken is not null)
        {
            await call.FailAsync(403, "direct access is not allowed");
            return;
        }

        if (call.Request.Method == "PUT")
        {
            await PutAsync(call, bucket, name);
            return;
        }

        if (server.Contents.Find(bucket, name) is not { } stored)
        {
            await call.FailAsync(404, $"t[{call.Request.Node}]: {bucket}/{name} does not exist");
            return;
        }

        switch (call.Request.Method)
        {
            case "DELETE":
                server.Contents.Remove(bucket, name);
                break;
            case "HEAD":
                WriteAttributes(call, stored);
                call.Context.Response.Headers["Ais-Present"] = "true";
                call.Context.Response.ContentLength = stored.Content.Length;
                break;
            default:
                await GetAsync(call, bucket, name, stored);
                break;
        }
    }

    private async Task GetAsync(AIStoreCall call, AISBucketName bucket, string name, AIStoreStoredObject stored)
    {
        if (call.Query("etl_name") is not null)
        {
            if (server.PullsTransforms)
            {
                var address = $"{server.TransformerAddress}/pull/{bucket.Name}/{AISObjectName.Escape(name)}{call.Request.Query}";
                call.Context.Response.StatusCode = 307;
                call.Context.Response.Headers.Location = address;
                return;
            }

            await SendTransformedAsync(call, stored.Content);
            return;
        }

        if (call.Query("archpath") is { } path)
        {
            await SendMemberAsync(call, $"{bucket}/{name}", name, path, stored);
            return;
        }

        // A pattern without a mode is ignored.
        if (call.Query("archmode") is { } mode)
        {
            await SendMembersAsync(call, name, call.Query("archregx") ?? "", mode, stored);
            return;
        }

        WriteAttributes(call, stored);
        call.Context.Response.ContentType = "application/octet-stream";
        call.Context.Response.Headers.AcceptRanges = "bytes";
        await LoopbackServer.SendAsync(call.Context, stored.Content);
    }

    private async Task PutAsync(AIStoreCall call, AISBucketName bucket, string name)
    {
        var content = await call.ReadBodyAsync();
        var promised = call.Context.Request.Headers["Ais-Checksum-Value"].FirstOrDefault();
        var found = XxHash64.HashToUInt64(content).ToString("x16", CultureInfo.InvariantCulture);
        if (promised is not null && promised != found)
        {
            await call.FailAsync(500, "BAD DATA CHECKSUM");
            return;
        }

        WriteAttributes(call, server.Contents.Put(bucket, name, content));
    }

    private async Task SendTransformedAsync(AIStoreCall call, byte[] content)
    {
        var name = call.Query("etl_name")!;
        if (server.Transforms is not { } transforms)
        {
            await call.FailAsync(501, "ETL is not supported in this build", "ErrUnsupp");
        }
        else if (!transforms.TryGetValue(name, out var transform))
        {
            await call.FailAsync(404, $"etl job \"{name}\" does not exist");
        }
        else
        {
            // Chunked, and without a checksum.
            await call.Context.Response.Body.WriteAsync(transform(content, call.Query("etl_args")));
        }
    }

    private static async Task SendMemberAsync(
        AIStoreCall call, string location, string name, string path, AIStoreStoredObject stored)
    {
        if (call.Query("archmode") is not null)
        {
            await call.FailAsync(400, "archpath and archmode are mutually exclusive");
            return;
        }

        if (call.Request.Range is not null)
        {
            await call.FailAsync(501, "range reads of archived files are not supported", "ErrUnsupp");
            return;
        }

        var wanted = path.TrimStart('/');
        var members = AIStoreArchives.Members(call.Query("archmime") is { } type ? "x" + type : name, stored.Content);
        if (members is null)
        {
            await call.FailAsync(400, $"unknown archive type of {location}");
            return;
        }

        if (members.FindIndex(member => member.Path == wanted) is var index and >= 0)
        {
            call.Context.Response.ContentLength = members[index].Content.Length;
            await call.Context.Response.Body.WriteAsync(members[index].Content);
            return;
        }

        await call.FailAsync(404, $"{wanted} in {location} does not exist");
    }

    private static async Task SendMembersAsync(AIStoreCall call, string name, string pattern, string mode, AIStoreStoredObject stored)
    {
        var members = AIStoreArchives.Members(name, stored.Content) ?? [];
        var matches = members.FindAll(member => AIStoreArchives.Matches(member.Path, pattern, mode));
        if (matches.Count == 0)
        {
            await call.FailAsync(404, "no matching members");
            return;
        }

        call.Context.Response.ContentType = "application/x-tar";
        await call.Context.Response.Body.WriteAsync(AIStoreArchives.Tar(matches));
    }

    private static void WriteAttributes(AIStoreCall call, AIStoreStoredObject stored)
    {
        var headers = call.Context.Response.Headers;
        headers["Ais-Checksum-Type"] = "xxhash2";
        headers["Ais-Checksum-Value"] = stored.Checksum;
        headers["Ais-Version"] = stored.Version.ToString(CultureInfo.InvariantCulture);
        headers["Ais-Atime"] = "1767225600000000000";
        headers.Append("Ais-Custom-Md", "source=test");
    }
}
