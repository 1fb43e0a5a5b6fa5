// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace TorchStreaming.Cli;

/// <summary>Serves a folder over HTTP: files with ranges, entity tags and HEAD, after a latency and at a rate if asked. For trying things on
/// this machine.</summary>
internal sealed class FolderServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FolderServer(WebApplication application) => _application = application;

    /// <summary>Gets the address that the folder is served at, with a slash at the end.</summary>
    public string Address => _application.Urls.First() + "/";

    /// <summary>Starts to serve.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="options">Where, and how slowly.</param>
    /// <param name="requested">Is told of every request that was answered: method, path, status. On any thread.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<FolderServer> StartAsync(
        string directory, FolderServerOptions options, Action<string> requested, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"There is no folder '{directory}'.");
        }

        // Settings in the current folder are not this server's, and a watch over them costs one of the few that a user has.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Address, options.Port));
        var application = builder.Build();
        var link = options.BytesPerSecond is { } rate ? new LinkLimit(rate, time) : null;
        application.Use((context, next) => LimitAsync(context, next, options.Latency, link, requested, time));
        application.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Path.GetFullPath(directory)),
            ServeUnknownFileTypes = true,
        });
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new FolderServer(application);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task LimitAsync(
        HttpContext context, RequestDelegate next, TimeSpan latency, LinkLimit? link, Action<string> requested, TimeProvider time)
    {
        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency, time, context.RequestAborted).ConfigureAwait(false);
        }

        if (link is not null)
        {
            context.Response.Body = new LimitedStream(context.Response.Body, link);
        }

        await next(context).ConfigureAwait(false);
        var range = context.Request.Headers.Range.Count > 0 ? $" {context.Request.Headers.Range}" : "";
        requested(string.Create(
            CultureInfo.InvariantCulture, $"{context.Request.Method} {context.Request.Path}{range} {context.Response.StatusCode}"));
    }
}
