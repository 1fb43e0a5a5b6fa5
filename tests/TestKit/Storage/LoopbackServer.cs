// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace TorchStreaming.TestKit;

/// <summary>An HTTP server on loopback that records its requests; the shape of a service is in what answers them. Thread-safe.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedHttpRequest> _requests = new();
    private readonly WebApplication _application;

    private LoopbackServer(WebApplication application) => _application = application;

    /// <summary>Gets the root URL without a slash at its end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Gets the requests so far, oldest first.</summary>
    public IReadOnlyList<RecordedHttpRequest> Requests => [.. _requests];

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="answer">Answers a request, given its path's parts, each unescaped.</param>
    public static async Task<LoopbackServer> StartAsync(Func<HttpContext, string[], Task> answer)
    {
        // Settings in the current folder are not this server's, and a watch over them costs one of the few that a user has.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new LoopbackServer(builder.Build());
        server._application.Run(context => server.AnswerAsync(context, answer));
        await server._application.StartAsync();
        server.Address = server._application.Urls.Single();
        return server;
    }

    /// <summary>Sends bytes, or the range of them that the request asks for.</summary>
    public static async Task SendAsync(HttpContext context, byte[] content)
    {
        var (start, length) = (0, content.Length);
        var response = context.Response;
        if (context.Request.Headers.Range.FirstOrDefault() is { } range)
        {
            var asked = RangeHeaderValue.Parse(range).Ranges.Single();
            if (asked.From >= content.Length)
            {
                response.StatusCode = 416;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{content.Length}");
                return;
            }

            start = (int)asked.From!.Value;
            length = (int)Math.Min(asked.To ?? long.MaxValue, content.Length - 1) - start + 1;
            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {start}-{start + length - 1}/{content.Length}");
        }

        response.ContentLength = length;
        if (context.Request.Method != "HEAD")
        {
            await response.Body.WriteAsync(content.AsMemory(start, length), context.RequestAborted);
        }
    }

    /// <summary>Reads a request's whole body.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context, Func<HttpContext, string[], Task> answer)
    {
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var headers = context.Request.Headers;
        _requests.Enqueue(new RecordedHttpRequest(
            context.Request.Method,
            Uri.UnescapeDataString(path),
            context.Request.QueryString.Value ?? "",
            headers.Range.FirstOrDefault(),
            headers.IfMatch.FirstOrDefault(),
            headers.Authorization.FirstOrDefault(),
            context.Connection.Id,
            headers["X-Api-Key"].FirstOrDefault()));
        return answer(context, [.. path.TrimStart('/').Split('/').Select(Uri.UnescapeDataString)]);
    }
}
