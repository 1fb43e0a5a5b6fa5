// SPDX-License-Identifier: MIT

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>The proxy of an <see cref="AIStoreServer"/>: sends object calls on to their owners and answers all others.</summary>
internal sealed class AIStoreProxy(AIStoreServer server)
{
    public async Task AnswerAsync(AIStoreCall call)
    {
        if (server.IsStarting)
        {
            call.Context.Response.StatusCode = 503;
            return;
        }

        if (call.Context.Request.Headers.ContainsKey("Ais-Caller-Id"))
        {
            await call.FailAsync(403, "reserved header");
            return;
        }

        if (call.Segments is ["v1", "health"])
        {
            call.Context.Response.ContentLength = 0;
            call.Context.Response.Headers["Ais-Cluster-Uptime"] = "72000000000";
            return;
        }

        if (server.RequiredToken is { } token && call.Request.Authorization != "Bearer " + token)
        {
            await call.FailAsync(401, "token required");
            return;
        }

        await (call.Segments switch
        {
            ["v1", "daemon" or "cluster"] => SendMapAsync(call),
            ["v1", "buckets"] => ListBucketsAsync(call),
            ["v1", "buckets", var bucket] => AnswerBucketAsync(call, bucket),
            ["v1", "objects", var bucket, .. var name] => SendOnAsync(call, bucket, string.Join('/', name)),
            ["v1", "etl", ..] => AnswerEtlAsync(call),
            ["v1", "ml", "moss", ..] => AIStoreBatches.SendOnAsync(server, call),
            _ => call.FailAsync(404, "invalid path"),
        });
    }

    private async Task SendOnAsync(AIStoreCall call, string bucketName, string name)
    {
        if (name.Length == 0 || name[^1] == '/' || name.Split('/').Any(static part => part is "." or ".."))
        {
            await call.FailAsync(400, "invalid object name");
            return;
        }

        var bucket = call.BucketOf(bucketName);
        if (!server.Contents.HasBucket(bucket))
        {
            await call.FailAsync(404, $"bucket \"{bucket}\" does not exist", "ErrBckNotFound");
            return;
        }

        if (server.OwnerOf(bucket, name) is not var (_, address))
        {
            call.Context.Response.StatusCode = 503;
            return;
        }

        // As the proxy does it: the decoded path, unless that would not be read as it was.
        var decoded = $"/v1/objects/{bucketName}/{name}";
        var path = decoded.AsSpan().IndexOfAny("%?#+ ") >= 0 || !System.Text.Ascii.IsValid(decoded) ? call.Request.Path : decoded;
        var query = call.Request.Query.TrimStart('?');
        var response = call.Context.Response;
        response.StatusCode = call.Request.Method == "GET" ? 301 : 307;
        response.Headers.Location = $"{address}{path}?{query}{(query.Length > 0 ? "&" : "")}{server.NewMarks()}";
        if (call.Request.Method == "PUT")
        {
            // The body is not read: whoever sent it along loses it.
            response.Headers.Connection = "close";
        }

        if (call.Request.Method != "HEAD")
        {
            response.ContentType = "text/html; charset=utf-8";
            await response.WriteAsync("<a href=\"moved\">Moved Permanently</a>.");
        }
    }

    private async Task AnswerBucketAsync(AIStoreCall call, string name)
    {
        var bucket = call.BucketOf(name);
        var isThere = server.Contents.HasBucket(bucket);
        switch (call.Request.Method)
        {
            case "POST" when !server.Contents.CreateBucket(bucket):
                await call.FailAsync(409, $"bucket \"{bucket}\" already exists", "ErrBucketAlreadyExists");
                break;
            case "POST":
                break;
            case "GET" or "HEAD" or "DELETE" when !isThere:
                await call.FailAsync(404, $"bucket \"{bucket}\" does not exist", "ErrBckNotFound");
                break;
            case "HEAD":
                call.Context.Response.Headers["Ais-Bucket-Props"] = """{"provider":"ais","checksum":{"type":"xxhash2"},"versioning":{"enabled":true}}""";
                break;
            case "DELETE":
                server.Contents.RemoveBucket(bucket);
                break;
            case "GET":
                await AIStoreListings.SendAsync(server, call, bucket);
                break;
            default:
                call.Context.Response.StatusCode = 405;
                call.Context.Response.Headers.Allow = "GET, HEAD, POST, DELETE";
                await call.Context.Response.WriteAsync("method not allowed");
                break;
        }
    }

    private async Task ListBucketsAsync(AIStoreCall call)
    {
        var provider = call.BucketOf("any").Provider;
        await call.SendJsonAsync(json =>
        {
            json.WriteStartArray();
            foreach (var bucket in server.Contents.Buckets.Where(bucket => bucket.Provider == provider))
            {
                json.WriteStartObject();
                json.WriteString("name", bucket.Name);
                json.WriteString("provider", bucket.Provider);
                json.WriteStartObject("namespace");
                json.WriteString("uuid", bucket.Namespace.Uuid);
                json.WriteString("name", bucket.Namespace.Name);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private async Task AnswerEtlAsync(AIStoreCall call)
    {
        if (server.Transforms is not { } transforms)
        {
            await call.FailAsync(501, "ETL is not supported in this build", "ErrUnsupp");
            return;
        }

        await call.SendJsonAsync(json =>
        {
            json.WriteStartArray();
            foreach (var name in transforms.Keys)
            {
                json.WriteStartObject();
                json.WriteString("id", name);
                json.WriteString("stage", "Running");
                json.WriteNumber("obj_count", 0);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private async Task SendMapAsync(AIStoreCall call)
    {
        var map = server.Map;
        await call.SendJsonAsync(json =>
        {
            json.WriteStartObject();
            WriteNodes(json, "pmap", "proxy", map.Proxies);
            WriteNodes(json, "tmap", "target", map.Targets);
            json.WriteString("uuid", map.Uuid);
            json.WriteString("creation_time", "2026-01-01 09:00:00");
            json.WriteString("version", map.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
        });
    }

    private static void WriteNodes(Utf8JsonWriter json, string property, string type, IEnumerable<AISNode> nodes)
    {
        json.WriteStartObject(property);
        foreach (var node in nodes)
        {
            json.WriteStartObject(node.Id);
            json.WriteString("daemon_id", node.Id);
            json.WriteString("daemon_type", type);
            json.WriteStartObject("public_net");
            json.WriteString("direct_url", node.Address);
            json.WriteEndObject();
            json.WriteNumber("flags", node.Flags);
            json.WriteNumber("id_digest", node.Digest);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
