// SPDX-License-Identifier: MIT

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>A request at a node, with what every answer needs.</summary>
internal sealed class AIStoreCall
{
    public AIStoreCall(string node, HttpContext context)
    {
        Context = context;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var headers = context.Request.Headers;
        Request = new AIStoreRequest(
            node,
            context.Request.Method,
            target.Split('?')[0],
            context.Request.QueryString.Value ?? "",
            headers.Authorization.FirstOrDefault(),
            headers.Range.FirstOrDefault(),
            headers.Expect.FirstOrDefault(),
            headers.Accept.FirstOrDefault(),
            context.Connection.Id);
        Segments = [.. Request.Path.TrimStart('/').Split('/').Select(Uri.UnescapeDataString)];
    }

    public HttpContext Context { get; }

    public AIStoreRequest Request { get; }

    /// <summary>Gets the path's parts, each unescaped.</summary>
    public string[] Segments { get; }

    /// <summary>Gets or sets how many entries a batch gives before it ends.</summary>
    public int BatchLimit { get; set; } = int.MaxValue;

    /// <summary>Gets whether the request came by way of a proxy.</summary>
    public bool IsRedirected => Context.Request.Query.ContainsKey("pid");

    /// <summary>Gets the bucket that the query and a name identify.</summary>
    public AISBucketName BucketOf(string name)
    {
        var ns = Query("namespace") is { } text ? AISNamespace.Parse(text) : default;
        return AISBucketName.Create(name, Query("provider") ?? "ais", ns);
    }

    public string? Query(string name) =>
        Context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Reads the body.</summary>
    public async Task<byte[]> ReadBodyAsync() => await LoopbackServer.ReadAsync(Context);

    /// <summary>Answers with JSON.</summary>
    public async Task SendJsonAsync(Action<Utf8JsonWriter> write)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            write(json);
        }

        Context.Response.ContentType = "application/json";
        Context.Response.ContentLength = body.Length;
        await Context.Response.Body.WriteAsync(body.ToArray());
    }

    /// <summary>Answers with a failure; in a header where the verb has no body.</summary>
    public async Task FailAsync(int status, string message, string? code = null)
    {
        Context.Response.StatusCode = status;
        if (status == 503)
        {
            return;
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (code is not null)
            {
                json.WriteString("tcode", code);
            }

            json.WriteString("message", message);
            json.WriteString("method", Request.Method);
            json.WriteString("url_path", Request.Path);
            json.WriteString("remote_addr", "127.0.0.1:51234");
            json.WriteString("caller", "");
            json.WriteString("node", $"{Request.Node[0]}[{Request.Node}]");
            json.WriteNumber("status", status);
            json.WriteEndObject();
        }

        if (Request.Method == "HEAD")
        {
            Context.Response.Headers["Hdr-Error"] = System.Text.Encoding.UTF8.GetString(body.ToArray());
            return;
        }

        Context.Response.ContentType = "application/json";
        Context.Response.Headers["X-Content-Type-Options"] = "nosniff";
        await Context.Response.Body.WriteAsync(body.ToArray());
    }
}
