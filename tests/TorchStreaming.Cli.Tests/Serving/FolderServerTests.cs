// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class FolderServerTests : IDisposable
{
    private static readonly FolderServerOptions Anywhere = new(IPAddress.Loopback, 0, TimeSpan.Zero, null);

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();
    private readonly byte[] _content = new byte[200_000];

    public FolderServerTests()
    {
        Random.Shared.NextBytes(_content);
        File.WriteAllBytes(_directory.Combine("shard.00000.mds"), _content);
    }

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Get_WholeAndRange_GiveTheBytesAndATag()
    {
        var requests = new List<string>();
        await using var server = await FolderServer.StartAsync(_directory.Path, Anywhere, requests.Add, TimeProvider.System, default);

        Assert.Equal(_content, await _client.GetByteArrayAsync(server.Address + "shard.00000.mds"));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "shard.00000.mds");
        request.Headers.Range = new RangeHeaderValue(1000, 1999);
        using var part = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(_content[1000..2000], await part.Content.ReadAsByteArrayAsync());
        Assert.NotNull(part.Headers.ETag);
        Assert.Contains("GET /shard.00000.mds 200", requests);
    }

    [Fact]
    public async Task Get_OutsideTheFolder_IsNotFound()
    {
        File.WriteAllText(_directory.Combine("secret"), "s");
        var inner = Directory.CreateDirectory(_directory.Combine("inner")).FullName;
        await using var server = await FolderServer.StartAsync(inner, Anywhere, _ => { }, TimeProvider.System, default);

        using var answer = await _client.GetAsync(server.Address + "%2e%2e/secret");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Get_OverALimitedLink_HasTheSameBytes()
    {
        await using var server = await FolderServer.StartAsync(
            _directory.Path, Anywhere with { BytesPerSecond = 50_000_000, Latency = TimeSpan.FromMilliseconds(1) }, _ => { }, TimeProvider.System, default);

        Assert.Equal(_content, await _client.GetByteArrayAsync(server.Address + "shard.00000.mds"));
    }

    [Fact]
    public async Task Link_BytesOfSeveralTransfers_TakeTheirTurn()
    {
        var time = new FakeTimeProvider();
        var link = new LinkLimit(1000, time);

        var first = link.PassAsync(500, default);
        var second = link.PassAsync(500, default);
        time.Advance(TimeSpan.FromMilliseconds(500));
        await first;
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(500));
        await second;
    }

    [Fact]
    public async Task Serve_UntilInterrupted_SaysWhereAndEndsWell()
    {
        using var stop = new CancellationTokenSource();
        using var output = new AddressWriter(stop);

        var exitCode = await ToolCommandLine.RunAsync(
            ["serve", _directory.Path, "--port", "0"], new ToolConsole(output, TextWriter.Null), stop.Token);

        Assert.Equal(ExitCodes.Success, exitCode);
        Assert.StartsWith("http://127.0.0.1:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_NoSuchFolder_NamesIt() =>
        (await ToolRun.InvokeAsync("serve", _directory.Combine("nowhere"))).AssertError(ExitCodes.Failure, _directory.Combine("nowhere"));

    /// <summary>Interrupts the tool as soon as it has said where it serves.</summary>
    private sealed class AddressWriter(CancellationTokenSource stop) : StringWriter
    {
        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (ToString().Contains("http://", StringComparison.Ordinal))
            {
                await stop.CancelAsync();
            }
        }
    }
}
