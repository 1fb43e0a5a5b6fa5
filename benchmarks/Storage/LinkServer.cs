// SPDX-License-Identifier: MIT

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>Serves a folder over a link of a given latency and bandwidth, in a process of its own, with <c>TCP_NODELAY</c> (Kestrel's
/// default). Writes its address and ends with its input.</summary>
internal sealed class LinkServer(string folder, LinkProfile profile)
{
    private const int ChunkSize = 64 << 10;

    private readonly TokenBucket _bucket = new(profile.Bandwidth);
    private long _requests;

    public static async Task<int> RunAsync(string folder, LinkProfile profile)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static options => options.Limits.MinResponseDataRate = null);
        await using var application = builder.Build();
        var server = new LinkServer(folder, profile);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        Console.WriteLine(application.Urls.Single());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        await Task.Delay(profile.Latency, TimeProvider.System, context.RequestAborted);
        var fault = ChooseFault();
        var path = Path.Combine(folder, Path.GetFileName(context.Request.Path.Value ?? ""));
        if (fault == 1 || !File.Exists(path))
        {
            context.Response.StatusCode = fault == 1 ? 503 : 404;
            return;
        }

        using var file = File.OpenHandle(path);
        var size = RandomAccess.GetLength(file);
        var (start, length) = (0L, size);
        if (context.Request.Headers.Range.FirstOrDefault() is { } range)
        {
            var asked = RangeHeaderValue.Parse(range).Ranges.Single();
            start = asked.From!.Value;
            length = Math.Min(asked.To ?? long.MaxValue, size - 1) - start + 1;
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{start + length - 1}/{size}";
        }

        context.Response.ContentLength = length;
        context.Response.Headers.ETag = $"\"{size}\"";
        var stopsAt = fault == 2 ? length / 2 : long.MaxValue;
        var writer = context.Response.BodyWriter;
        for (var sent = 0L; sent < length;)
        {
            if (sent >= stopsAt)
            {
                await writer.FlushAsync(context.RequestAborted);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            var chunk = writer.GetMemory(ChunkSize)[..(int)Math.Min(ChunkSize, length - sent)];
            var read = RandomAccess.Read(file, chunk.Span, start + sent);
            await _bucket.TakeAsync(read, context.RequestAborted);
            writer.Advance(read);
            await writer.FlushAsync(context.RequestAborted);
            sent += read;
        }
    }

    /// <summary>Gives 1 for an error, 2 for a body that stops, 0 for neither; spread evenly, the same in every run.</summary>
    private int ChooseFault()
    {
        var request = Interlocked.Increment(ref _requests);
        var before = Math.Floor((request - 1) * profile.FaultPercent / 100);
        var after = Math.Floor(request * profile.FaultPercent / 100);
        return after > before ? 1 + ((int)after % 2) : 0;
    }
}
