// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>A bucket with the shape of Google Cloud Storage's JSON API: objects, listings by page, simple and resumable uploads; beside it
/// a token endpoint and a metadata server. Thread-safe.</summary>
public sealed class GoogleCloudServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (byte[] Content, long Generation)> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Name, MemoryStream Content)> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<IFormCollection> _tokenRequests = new();
    private LoopbackServer _server = null!;
    private long _generation;

    private GoogleCloudServer()
    {
    }

    /// <summary>The bucket.</summary>
    public const string Bucket = "test-bucket";

    /// <summary>Gets the root URL.</summary>
    public Uri Address => new(_server.Address);

    /// <summary>Gets the requests so far, oldest first.</summary>
    public IReadOnlyList<RecordedHttpRequest> Requests => _server.Requests;

    /// <summary>Gets the forms that the token endpoint got.</summary>
    public IReadOnlyList<IFormCollection> TokenRequests => [.. _tokenRequests];

    /// <summary>Gets the names of uploads that began and neither ended nor were canceled.</summary>
    public IReadOnlyList<string> OpenUploads => [.. _sessions.Values.Select(static session => session.Name)];

    /// <summary>Gets or sets the token that requests must have; null for none.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>Gets or sets how many objects a page of a listing has.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Gets or sets how many bytes of an upload's part are kept at most.</summary>
    public int KeptBytes { get; set; } = int.MaxValue;

    /// <summary>Gets or sets what answers in place of the API, for faults; it says whether it did.</summary>
    public Func<HttpContext, bool>? Fault { get; set; }

    /// <summary>Gets or sets the address that upload sessions are said to be at; null for the server's own.</summary>
    public string? SessionAddress { get; set; }

    /// <summary>Starts a server on a free port.</summary>
    public static async Task<GoogleCloudServer> StartAsync()
    {
        var server = new GoogleCloudServer();
        server._server = await LoopbackServer.StartAsync(server.AnswerAsync);
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context, string[] path)
    {
        if (Fault?.Invoke(context) == true)
        {
            return Task.CompletedTask;
        }

        return path switch
        {
            ["token"] => GiveTokenAsync(context),
            ["computeMetadata", ..] => GiveMachineTokenAsync(context),
            _ when RequiredToken is { } token && context.Request.Headers.Authorization != "Bearer " + token => FailAsync(
                context, 401, "required"),
            ["storage", "v1", "b", Bucket, "o"] => ListAsync(context),
            ["storage", "v1", "b", Bucket, "o", var name] => ServeAsync(context, name),
            ["upload", "storage", "v1", "b", Bucket, "o"] => UploadAsync(context),
            _ => FailAsync(context, 404, "notFound"),
        };
    }

    private async Task GiveTokenAsync(HttpContext context)
    {
        _tokenRequests.Enqueue(await context.Request.ReadFormAsync());
        await context.Response.WriteAsync($$"""{"access_token":"{{RequiredToken}}","expires_in":3600,"token_type":"Bearer"}""");
    }

    private async Task GiveMachineTokenAsync(HttpContext context)
    {
        if (context.Request.Headers["Metadata-Flavor"] != "Google")
        {
            context.Response.StatusCode = 403;
            return;
        }

        context.Response.Headers["Metadata-Flavor"] = "Google";
        await context.Response.WriteAsync($$"""{"access_token":"{{RequiredToken}}","expires_in":3600,"token_type":"Bearer"}""");
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var prefix = query["prefix"].ToString();
        var after = query["pageToken"].ToString();
        var names = _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0)
            .Order(StringComparer.Ordinal).ToList();
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var name in names.Take(PageSize))
            {
                WriteObject(json, name);
            }

            json.WriteEndArray();
            if (names.Count > PageSize)
            {
                json.WriteString("nextPageToken", names[PageSize - 1]);
            }

            json.WriteEndObject();
        }

        await context.Response.Body.WriteAsync(body.ToArray());
    }

    private async Task ServeAsync(HttpContext context, string name)
    {
        if (!_objects.TryGetValue(name, out var stored))
        {
            await FailAsync(context, 404, "notFound");
            return;
        }

        if (context.Request.Method == "DELETE")
        {
            _objects.TryRemove(name, out _);
            context.Response.StatusCode = 204;
            return;
        }

        if (context.Request.Query["ifGenerationMatch"].ToString() is { Length: > 0 } wanted
            && wanted != stored.Generation.ToString(CultureInfo.InvariantCulture))
        {
            await FailAsync(context, 412, "conditionNotMet");
            return;
        }

        if (context.Request.Query["alt"] == "media")
        {
            context.Response.Headers["x-goog-generation"] = stored.Generation.ToString(CultureInfo.InvariantCulture);
            await LoopbackServer.SendAsync(context, stored.Content);
            return;
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            WriteObject(json, name);
        }

        await context.Response.Body.WriteAsync(body.ToArray());
    }

    private async Task UploadAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["uploadType"] == "media")
        {
            Publish(query["name"].ToString(), await LoopbackServer.ReadAsync(context));
            return;
        }

        if (query["upload_id"].ToString() is not { Length: > 0 } id)
        {
            id = Guid.NewGuid().ToString("N");
            _sessions[id] = (query["name"].ToString(), new MemoryStream());
            context.Response.Headers.Location = $"{SessionAddress ?? _server.Address}/upload/storage/v1/b/{Bucket}/o?uploadType=resumable&upload_id={id}";
            return;
        }

        if (context.Request.Method == "DELETE")
        {
            _sessions.TryRemove(id, out _);
            context.Response.StatusCode = 499;
            return;
        }

        var (name, content) = _sessions[id];
        var body = await LoopbackServer.ReadAsync(context);
        var range = context.Request.Headers.ContentRange.ToString()["bytes ".Length..].Split('/');
        var isLast = range[1] != "*";
        if (!isLast && body.Length % (256 << 10) != 0)
        {
            await FailAsync(context, 400, "invalid");
            return;
        }

        if (range[0] != "*" && long.Parse(range[0].Split('-')[0], CultureInfo.InvariantCulture) != content.Length)
        {
            await FailAsync(context, 400, "invalid");
            return;
        }

        content.Write(body.AsSpan(0, Math.Min(body.Length, KeptBytes)));
        if (isLast && content.Length == long.Parse(range[1], CultureInfo.InvariantCulture))
        {
            _sessions.TryRemove(id, out _);
            Publish(name, content.ToArray());
            return;
        }

        context.Response.StatusCode = 308;
        context.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{content.Length - 1}");
    }

    private void Publish(string name, byte[] content) => _objects[name] = (content, Interlocked.Increment(ref _generation));

    private void WriteObject(Utf8JsonWriter json, string name)
    {
        var (content, generation) = _objects[name];
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("size", content.Length.ToString(CultureInfo.InvariantCulture));
        json.WriteString("generation", generation.ToString(CultureInfo.InvariantCulture));
        json.WriteString("updated", "2025-01-02T03:04:05.678Z");
        json.WriteEndObject();
    }

    private static Task FailAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($$$"""{"error":{"code":{{{status}}},"errors":[{"reason":"{{{reason}}}"}]}}""");
    }
}
