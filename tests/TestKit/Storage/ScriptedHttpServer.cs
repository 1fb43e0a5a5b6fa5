// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace TorchStreaming.TestKit;

/// <summary>An HTTP server on loopback that serves objects from memory, well or as its script says. Thread-safe.</summary>
public sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (byte[] Content, string Tag)> _objects = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<HttpFault>> _scripts = new();
    private readonly ConcurrentQueue<RecordedHttpRequest> _requests = new();
    private readonly WebApplication _application;
    private int _version;

    private ScriptedHttpServer(WebApplication application) => _application = application;

    /// <summary>Gets the root URL, which ends with a slash.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Gets the requests so far, oldest first.</summary>
    public IReadOnlyList<RecordedHttpRequest> Requests => [.. _requests];

    /// <summary>Gets or sets whether ranges are honored.</summary>
    public bool HonorsRanges { get; set; } = true;

    /// <summary>Gets or sets whether <c>If-Match</c> is honored.</summary>
    public bool HonorsIfMatch { get; set; } = true;

    /// <summary>Gets or sets whether answers have an entity tag.</summary>
    public bool SendsTags { get; set; } = true;

    /// <summary>Gets or sets whether answers say how long they are.</summary>
    public bool SendsLengths { get; set; } = true;

    /// <summary>Gets or sets whether HEAD is supported.</summary>
    public bool SupportsHead { get; set; } = true;

    /// <summary>Gets or sets what must be done before each answer.</summary>
    public Func<RecordedHttpRequest, Task>? BeforeAnswer { get; set; }

    /// <summary>Gets or sets how slow the server is.</summary>
    public ServerPace Pace { get; set; }

    /// <summary>Starts a server on a free port.</summary>
    public static Task<ScriptedHttpServer> StartAsync() => StartAsync(static _ => { });

    /// <summary>Starts a server that speaks https on a free port.</summary>
    /// <param name="certificate">What it shows its clients.</param>
    /// <param name="beforeHandshake">What must be done before each handshake; ends with the client's patience.</param>
    public static Task<ScriptedHttpServer> StartAsync(
        LoopbackCertificate certificate, Func<CancellationToken, Task>? beforeHandshake = null) =>
        StartAsync(endpoint => endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromMinutes(10),
            OnConnection = async context =>
            {
                if (beforeHandshake is not null)
                {
                    await beforeHandshake(context.CancellationToken);
                }

                return new SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate };
            },
        }));

    /// <summary>Serves an object; one that is there changes, and so does its tag.</summary>
    public void Put(string path, byte[] content) => _objects["/" + path] = (content, NextTag());

    /// <summary>Serves an object no longer.</summary>
    public void Remove(string path) => _objects.TryRemove("/" + path, out _);

    /// <summary>Says how the next requests of a path are answered, one by one.</summary>
    public void Script(string path, params ReadOnlySpan<HttpFault> faults)
    {
        var script = _scripts.GetOrAdd("/" + path, static _ => new());
        foreach (var fault in faults)
        {
            script.Enqueue(fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private static async Task<ScriptedHttpServer> StartAsync(Action<ListenOptions> configure)
    {
        // Settings in the current folder are not this server's, and a watch over them costs one of the few that a user has.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, configure));
        var server = new ScriptedHttpServer(builder.Build());
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        server.Address = new Uri(server._application.Urls.Single() + "/");
        return server;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = Record(context);
        await Pace.WaitAsync(context.RequestAborted);
        if (BeforeAnswer is { } before)
        {
            await before(request);
        }

        var fault = _scripts.TryGetValue(request.Path, out var script) && script.TryDequeue(out var next) ? next : new HttpFault.None();
        switch (fault)
        {
            case HttpFault.Status status:
                context.Response.StatusCode = status.Code;
                if (status.RetryAfterSeconds is { } seconds)
                {
                    context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                }

                break;
            case HttpFault.Redirect redirect:
                context.Response.StatusCode = redirect.Code;
                context.Response.Headers.Location = redirect.Location;
                break;
            case HttpFault.Reset:
                context.Abort();
                break;
            default:
                await ServeAsync(context, request, fault);
                break;
        }
    }

    private string NextTag() => string.Create(CultureInfo.InvariantCulture, $"\"v{Interlocked.Increment(ref _version)}\"");

    private RecordedHttpRequest Record(HttpContext context)
    {
        var headers = context.Request.Headers;
        var request = new RecordedHttpRequest(
            context.Request.Method,
            Uri.UnescapeDataString(context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0]),
            context.Request.QueryString.Value ?? "",
            headers.Range.FirstOrDefault(),
            headers.IfMatch.FirstOrDefault(),
            headers.Authorization.FirstOrDefault(),
            context.Connection.Id,
            headers["X-Api-Key"].FirstOrDefault());
        _requests.Enqueue(request);
        return request;
    }

    private async Task ServeAsync(HttpContext context, RecordedHttpRequest request, HttpFault fault)
    {
        var response = context.Response;
        if (!_objects.TryGetValue(request.Path, out var stored))
        {
            response.StatusCode = 404;
            return;
        }

        if (fault is HttpFault.ChangeTag)
        {
            // A tag of this answer alone: answers that come at the same time have different ones, too.
            stored.Tag = NextTag();
            _objects[request.Path] = stored;
        }

        if (fault is HttpFault.WrongLength wrong)
        {
            stored.Content = [.. stored.Content.AsSpan(0, Math.Min(stored.Content.Length, stored.Content.Length + wrong.Difference)),
                .. new byte[Math.Max(wrong.Difference, 0)]];
        }

        if (request.Method == "HEAD" && !SupportsHead)
        {
            response.StatusCode = 405;
            return;
        }

        if (HonorsIfMatch && request.IfMatch is { } tag && tag != stored.Tag)
        {
            response.StatusCode = 412;
            return;
        }

        if (SendsTags)
        {
            response.Headers.ETag = stored.Tag;
        }

        var (start, length) = (0, stored.Content.Length);
        if (HonorsRanges && request.Range is { } range)
        {
            var asked = RangeHeaderValue.Parse(range).Ranges.Single();
            start = (int)asked.From!.Value;
            if (start >= stored.Content.Length)
            {
                response.StatusCode = 416;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{stored.Content.Length}");
                return;
            }

            start -= fault is HttpFault.WrongRange ? 1 : 0;
            length = (int)Math.Min(asked.To ?? long.MaxValue, stored.Content.Length - 1) - start + 1;
            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {start}-{start + length - 1}/{stored.Content.Length}");
        }

        if (SendsLengths)
        {
            response.ContentLength = length;
        }

        if (request.Method != "HEAD")
        {
            if (fault is HttpFault.ChangeTagAfter)
            {
                Put(request.Path[1..], stored.Content);
            }

            await SendAsync(context, stored.Content.AsSpan(start, length).ToArray(), fault);
        }
    }

    private async Task SendAsync(HttpContext context, byte[] body, HttpFault fault)
    {
        if (fault is HttpFault.FlipByte flip && flip.Offset < body.Length)
        {
            body[flip.Offset] ^= 0x40;
        }

        var sent = fault switch
        {
            HttpFault.BreakAfter broken => Math.Min(broken.Bytes, body.Length),
            HttpFault.ChangeTagAfter changing => Math.Min(changing.Bytes, body.Length),
            HttpFault.StallAfter stalled => Math.Min(stalled.Bytes, body.Length),
            _ => body.Length,
        };
        await Pace.WriteAsync(context.Response.Body, body.AsMemory(0, sent), context.RequestAborted);
        if (fault is HttpFault.BreakAfter or HttpFault.ChangeTagAfter && !SendsLengths)
        {
            // Without a length the body would seem to end here.
            context.Abort();
        }

        if (fault is HttpFault.StallAfter)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
    }
}
