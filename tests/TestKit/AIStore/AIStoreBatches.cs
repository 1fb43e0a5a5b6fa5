// SPDX-License-Identifier: MIT

using System.Formats.Tar;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>Reads of many objects in one answer (GetBatch), streaming form.</summary>
internal static class AIStoreBatches
{
    /// <summary>What the proxy does: checks the request and sends it on to a path of its own.</summary>
    public static async Task SendOnAsync(AIStoreServer server, AIStoreCall call)
    {
        using var json = JsonDocument.Parse(await call.ReadBodyAsync());
        if (!json.RootElement.TryGetProperty("in", out var items) || items.GetArrayLength() == 0)
        {
            await call.FailAsync(400, "empty request");
            return;
        }

        if (call.Segments.Length > 3 && !server.Contents.HasBucket(call.BucketOf(call.Segments[3])))
        {
            await call.FailAsync(404, "no such bucket", "ErrBckNotFound");
            return;
        }

        var first = items[0].GetProperty("objname").GetString()!;
        var (node, address) = server.OwnerOf(AISBucketName.Create("any"), first)!.Value;
        call.Context.Response.StatusCode = 307;
        call.Context.Response.Headers.Location =
            $"{address}{call.Request.Path}/Xk3/w9/2{call.Request.Query}{(call.Request.Query.Length > 0 ? "&" : "?")}{server.NewMarks()}&tid={node.Id}";
    }

    /// <summary>What the target does: sends a tar in the order of the request. It ends early, and well, when too much is missing.</summary>
    public static async Task SendAsync(AIStoreServer server, AIStoreCall call)
    {
        if (call.Query("tid") is null)
        {
            await call.FailAsync(401, "not redirected");
            return;
        }

        using var json = JsonDocument.Parse(await call.ReadBodyAsync());
        var goesOn = json.RootElement.TryGetProperty("coer", out var coer) && coer.GetBoolean();
        call.Context.Response.ContentType = "application/x-tar";
        await call.Context.Response.Body.FlushAsync();
        var (given, missing) = (0, 0);
        var writer = new TarWriter(call.Context.Response.Body, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var item in json.RootElement.GetProperty("in").EnumerateArray())
        {
            var (name, content) = Find(server, call, item);
            missing += content is null ? 1 : 0;
            if (given == call.BatchLimit || (content is null && (!goesOn || missing > server.MaxSoftErrors)))
            {
                break;
            }

            var entry = new PaxTarEntry(TarEntryType.RegularFile, content is null ? "__404__/" + name : name)
            {
                DataStream = new MemoryStream(content ?? []),
            };
            await writer.WriteEntryAsync(entry);
            given++;
        }

        await writer.DisposeAsync();
    }

    private static (string Name, byte[]? Content) Find(AIStoreServer server, AIStoreCall call, JsonElement item)
    {
        string? Text(string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;

        var name = Text("objname")!;
        var bucket = Text("uname") is { } unique
            ? UniqueBucket(unique)
            : AISBucketName.Create(Text("bucket") ?? call.Segments[3], Text("provider") ?? "ais");
        var content = server.Contents.Find(bucket, name)?.Content;
        if (Text("archpath") is not { } path)
        {
            return ($"{bucket.Name}/{name}", Cut(item, content));
        }

        var members = content is null ? null : AIStoreArchives.Members(name, content);
        var index = members?.FindIndex(member => member.Path == path) ?? -1;
        return ($"{bucket.Name}/{name}/{path}", index < 0 ? null : members![index].Content);
    }

    private static byte[]? Cut(JsonElement item, byte[]? content)
    {
        if (content is null || !item.TryGetProperty("start", out var start))
        {
            return content;
        }

        var length = item.GetProperty("length").GetInt64();
        return content[(int)start.GetInt64()..(int)(length < 0 ? content.Length : start.GetInt64() + length)];
    }

    private static AISBucketName UniqueBucket(string unique)
    {
        var parts = unique.Split('/');
        return AISBucketName.Create(parts[2], parts[0], AISNamespace.Parse(parts[1]));
    }
}
