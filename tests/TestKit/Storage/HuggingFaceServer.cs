// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TorchStreaming.TestKit;

/// <summary>A dataset with the shape of the Hugging Face hub: small files from the hub itself, large ones by a redirect to a storage on
/// another port, which takes no credentials, and listings by page. Thread-safe.</summary>
public sealed class HuggingFaceServer : IAsyncDisposable
{
    /// <summary>The dataset.</summary>
    public const string Repository = "some-org/some.data_set";

    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private LoopbackServer _hub = null!;
    private LoopbackServer _storage = null!;

    private HuggingFaceServer()
    {
    }

    /// <summary>Gets the hub's root URL.</summary>
    public Uri Address => new(_hub.Address);

    /// <summary>Gets the requests to the hub.</summary>
    public IReadOnlyList<RecordedHttpRequest> HubRequests => _hub.Requests;

    /// <summary>Gets the requests to the storage.</summary>
    public IReadOnlyList<RecordedHttpRequest> StorageRequests => _storage.Requests;

    /// <summary>Gets or sets the revision that exists.</summary>
    public string Revision { get; set; } = "main";

    /// <summary>Gets or sets the token that the hub wants; null for none.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>Gets or sets how many bytes make a file a large one.</summary>
    public int LargeSize { get; set; } = 500;

    /// <summary>Gets or sets how many entries a page of a listing has.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Gets or sets the server that further pages are said to be at; null for the hub.</summary>
    public string? NextPageAddress { get; set; }

    /// <summary>Starts the servers on free ports.</summary>
    public static async Task<HuggingFaceServer> StartAsync()
    {
        var server = new HuggingFaceServer();
        server._hub = await LoopbackServer.StartAsync(server.AnswerAsync);
        server._storage = await LoopbackServer.StartAsync(server.ServeLargeAsync);
        return server;
    }

    /// <summary>Puts a file into the dataset.</summary>
    public void Put(string path, byte[] content) => _files[path] = content;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context, string[] path)
    {
        var id = Repository.Split('/');
        return path switch
        {
            _ when RequiredToken is { } token && context.Request.Headers.Authorization != "Bearer " + token => Fail(
                context, 401, "RepoNotFound"),
            ["datasets", var org, var name, "resolve", var revision, .. var file] when org == id[0] && name == id[1] =>
                revision == Revision ? ServeAsync(context, string.Join('/', file)) : Fail(context, 404, "RevisionNotFound"),
            ["api", "datasets", var org, var name, "tree", var revision, .. var folder] when org == id[0] && name == id[1] =>
                revision == Revision ? ListAsync(context, string.Join('/', folder)) : Fail(context, 404, "RevisionNotFound"),
            _ => Fail(context, 401, "RepoNotFound"),
        };
    }

    private Task ServeAsync(HttpContext context, string path)
    {
        if (!_files.TryGetValue(path, out var content))
        {
            return Fail(context, 404, "EntryNotFound");
        }

        if (content.Length < LargeSize)
        {
            context.Response.Headers.ETag = Tag(content);
            return LoopbackServer.SendAsync(context, content);
        }

        context.Response.StatusCode = 302;
        context.Response.Headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Linked-ETag"] = Tag(content);
        context.Response.Headers.Location = $"{_storage.Address}/{Convert.ToHexString(SHA256.HashData(content))}?X-Amz-Signature=SECRET-SIGNATURE";
        return Task.CompletedTask;
    }

    private Task ServeLargeAsync(HttpContext context, string[] path)
    {
        // A signed address and a token together are refused by the storages behind the hub.
        if (context.Request.Headers.Authorization.Count > 0 || context.Request.Method != "GET")
        {
            return Fail(context, 400, "Bad");
        }

        context.Response.Headers.ETag = "\"the-storage's-own\"";
        return LoopbackServer.SendAsync(context, _files.Values.First(content => Convert.ToHexString(SHA256.HashData(content)) == path[0]));
    }

    private async Task ListAsync(HttpContext context, string folder)
    {
        var below = folder.Length == 0 ? "" : folder + "/";
        var paths = _files.Keys.Where(path =>
            path.StartsWith(below, StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal).ToList();
        if (paths.Count == 0 && below.Length > 0)
        {
            await Fail(context, 404, "EntryNotFound");
            return;
        }

        var start = int.Parse(
            context.Request.Query["cursor"].ToString() is { Length: > 0 } cursor ? cursor : "0", CultureInfo.InvariantCulture);
        if (start + PageSize < paths.Count)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"?recursive=true&cursor={start + PageSize}");
            context.Response.Headers.Link = $"<{NextPageAddress ?? _hub.Address}{context.Request.Path}{query}>; rel=\"next\"";
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartArray();
            if (below.Length == 0)
            {
                json.WriteStartObject();
                json.WriteString("type", "directory");
                json.WriteString("oid", "0");
                json.WriteNumber("size", 0);
                json.WriteString("path", "a folder");
                json.WriteEndObject();
            }

            foreach (var path in paths.Skip(start).Take(PageSize))
            {
                WriteFile(json, path, _files[path]);
            }

            json.WriteEndArray();
        }

        await context.Response.Body.WriteAsync(body.ToArray());
    }

    private void WriteFile(Utf8JsonWriter json, string path, byte[] content)
    {
        json.WriteStartObject();
        json.WriteString("type", "file");
        json.WriteString("path", path);
        json.WriteNumber("size", content.Length);
        if (content.Length < LargeSize)
        {
            json.WriteString("oid", Tag(content).Trim('"'));
        }
        else
        {
            json.WriteString("oid", "of-the-pointer");
            json.WriteStartObject("lfs");
            json.WriteString("oid", Tag(content).Trim('"'));
            json.WriteNumber("size", content.Length);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Tag(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"";

    private static Task Fail(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Error-Code"] = code;
        return Task.CompletedTask;
    }
}
