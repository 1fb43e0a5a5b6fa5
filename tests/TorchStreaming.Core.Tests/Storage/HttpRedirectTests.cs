// SPDX-License-Identifier: MIT

using System.Net;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class HttpRedirectTests : IAsyncLifetime
{
    private static readonly HttpObjectStoreOptions WithSecrets = new()
    {
        Credential = HttpCredential.Bearer("topsecret"),
        Headers = [new("X-Api-Key", "keysecret")],
    };

    private ScriptedHttpServer _first = null!;
    private ScriptedHttpServer _second = null!;

    public async Task InitializeAsync()
    {
        _first = await ScriptedHttpServer.StartAsync();
        _second = await ScriptedHttpServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_OnTheSameHost_KeepsCredentialsAndRange(int code)
    {
        _first.Put("moved/object", [0, 1, 2, 3]);
        _first.Script("object", new HttpFault.Redirect("/moved/object", code));
        await using var store = new HttpObjectStore(_first.Address, WithSecrets);

        await using var content = await store.OpenReadAsync("object", new ByteRange(1, 2));

        Assert.Equal([1, 2], await ReadAsync(content));
        Assert.All(_first.Requests, static request => Assert.Equal("Bearer topsecret", request.Authorization));
        Assert.All(_first.Requests, static request => Assert.Equal("bytes=1-2", request.Range));
    }

    [Fact]
    public async Task Redirect_ToAnotherHost_DropsCredentialsForGood()
    {
        _first.Script("object", new HttpFault.Redirect(new Uri(_second.Address, "object").ToString()));
        _second.Script("object", new HttpFault.Redirect(new Uri(_first.Address, "back").ToString()));
        _first.Put("back", [42]);
        await using var store = new HttpObjectStore(_first.Address, WithSecrets);

        await using var content = await store.OpenReadAsync("object");

        Assert.Equal([42], await ReadAsync(content));
        Assert.Equal(["Bearer topsecret", null], _first.Requests.Select(static request => request.Authorization));
        Assert.Null(_second.Requests.Single().Authorization);
        Assert.Null(_second.Requests.Single().ApiKey);
    }

    [Fact]
    public async Task Redirect_WithoutEnd_IsStorageError()
    {
        _first.Script("object", [.. Enumerable.Repeat(new HttpFault.Redirect("/object?token=topsecret"), 20)]);
        await using var store = new HttpObjectStore(_first.Address, new HttpObjectStoreOptions { RedirectLimit = 5 });

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object"));

        Assert.Equal(6, _first.Requests.Count);
        Assert.Contains("more than 5 redirects", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://data.example/object")]
    [InlineData("ftp://data.example/object")]
    [InlineData("file:///etc/passwd")]
    public async Task Redirect_FromHttpsToAnythingLess_IsRefused(string target)
    {
        using var invoker = new HttpMessageInvoker(new RedirectingHandler(target));
        await using var store = new HttpObjectStore(new Uri("https://data.example/"), WithSecrets, invoker);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object"));

        Assert.Contains("redirect", error.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAsync(ObjectContent content)
    {
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private sealed class RedirectingHandler(string target) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https", request.RequestUri!.Scheme);
            var response = new HttpResponseMessage(HttpStatusCode.Redirect);
            response.Headers.Location = new Uri(target);
            return Task.FromResult(response);
        }
    }
}
