// SPDX-License-Identifier: MIT

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TorchStreaming.TestKit;

/// <summary>A listener of an <see cref="AIStoreServer"/>.</summary>
internal sealed class AIStoreNode : IAsyncDisposable
{
    private readonly WebApplication _application;

    private AIStoreNode(string id, WebApplication application)
    {
        Id = id;
        _application = application;
        Address = application.Urls.Single();
    }

    public string Id { get; }

    /// <summary>Gets the address without a slash at its end.</summary>
    public string Address { get; }

    public static async Task<AIStoreNode> StartAsync(string id, Func<AIStoreCall, Task> answer)
    {
        // Settings in the current folder are not this server's, and a watch over them costs one of the few that a user has.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static options => options.Limits.MaxRequestBodySize = null);
        var application = builder.Build();
        application.Run(context => answer(new AIStoreCall(id, context)));
        await application.StartAsync();
        return new AIStoreNode(id, application);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
