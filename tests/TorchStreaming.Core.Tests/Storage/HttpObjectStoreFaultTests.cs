// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class HttpObjectStoreFaultTests : IAsyncLifetime
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 5000).Select(static i => (byte)(i * 7))];

    private ScriptedHttpServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedHttpServer.StartAsync();
        _server.Put("object", Content);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(401, StorageErrorKind.Unauthenticated, false)]
    [InlineData(403, StorageErrorKind.PermissionDenied, false)]
    [InlineData(404, StorageErrorKind.NotFound, false)]
    [InlineData(410, StorageErrorKind.NotFound, false)]
    [InlineData(408, StorageErrorKind.Timeout, true)]
    [InlineData(412, StorageErrorKind.PreconditionFailed, false)]
    [InlineData(418, StorageErrorKind.Other, false)]
    [InlineData(429, StorageErrorKind.Throttled, true)]
    [InlineData(500, StorageErrorKind.Unavailable, true)]
    [InlineData(502, StorageErrorKind.Unavailable, true)]
    [InlineData(503, StorageErrorKind.Unavailable, true)]
    [InlineData(504, StorageErrorKind.Timeout, true)]
    public async Task OpenRead_FailureStatus_HasItsKind(int status, StorageErrorKind kind, bool isTransient)
    {
        _server.Script("object", new HttpFault.Status(status), new HttpFault.Status(status));
        await using var store = new HttpObjectStore(_server.Address);

        var errors = new[]
        {
            await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object")),
            await Assert.ThrowsAsync<StorageException>(async () => await store.GetInfoAsync("object")),
        };

        foreach (var error in errors)
        {
            Assert.Equal(kind, error.Kind);
            Assert.Equal(isTransient, error.IsTransient);
            Assert.Contains($"HTTP {status}", error.Message, StringComparison.Ordinal);
            Assert.Contains("/object", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenRead_Throttled_CarriesRetryAfter()
    {
        _server.Script("object", new HttpFault.Status(429, RetryAfterSeconds: 7));
        await using var store = new HttpObjectStore(_server.Address);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object"));

        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
    }

    [Fact]
    public async Task Read_ConnectionThatBreaks_IsUnavailable()
    {
        _server.Script("object", new HttpFault.BreakAfter(1000));
        await using var store = new HttpObjectStore(_server.Address);

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Equal(StorageErrorKind.Unavailable, error.Kind);
        Assert.Contains("5000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_ConnectionThatIsReset_IsUnavailable()
    {
        _server.Script("object", new HttpFault.Reset(), new HttpFault.Reset(), new HttpFault.Reset(), new HttpFault.Reset());
        await using var store = new HttpObjectStore(_server.Address);

        Assert.Equal(StorageErrorKind.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store))).Kind);
    }

    [Fact]
    public async Task OpenRead_NobodyListens_NamesTheHost()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var store = new HttpObjectStore(new Uri($"http://127.0.0.1:{port}/"));

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Equal(StorageErrorKind.Unavailable, error.Kind);
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_OtherRangeThanAsked_IsRefused()
    {
        _server.Script("object", new HttpFault.WrongRange());
        await using var store = new HttpObjectStore(_server.Address);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.OpenReadAsync("object", new ByteRange(10, 10)));

        Assert.Equal(StorageErrorKind.Other, error.Kind);
    }

    [Fact]
    public async Task OpenRead_NoLength_SizeIsUnknownAndBytesAreThere()
    {
        _server.SendsLengths = false;
        await using var store = new HttpObjectStore(_server.Address);
        await using var content = await store.OpenReadAsync("object");

        Assert.Equal(-1, content.Info.Size);
        Assert.Equal(Content, await ReadAsync(store));
    }

    [Fact]
    public async Task OpenRead_RangeWithoutEndOfAnObjectThatSaysNeitherLengthNorRanges_SkipsToIt()
    {
        _server.SendsLengths = false;
        _server.HonorsRanges = false;
        await using var store = new HttpObjectStore(_server.Address);

        await using var content = await store.OpenReadAsync("object", new ByteRange(4000));

        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        Assert.Equal(Content[4000..], bytes.ToArray());
    }

    [Fact]
    public async Task Requests_OneAfterTheOther_ShareAConnection()
    {
        await using var first = new HttpObjectStore(_server.Address);
        await using var second = new HttpObjectStore(_server.Address);

        for (var i = 0; i < 5; i++)
        {
            await ReadAsync(i % 2 == 0 ? first : second);
        }

        Assert.Single(_server.Requests.Select(static request => request.ConnectionId).Distinct());
    }

    [Fact]
    public async Task OpenRead_RootWithQuery_SendsItAndNeverShowsIt()
    {
        await using var store = new HttpObjectStore(new Uri($"{_server.Address}?sig=topsecret"));
        await ReadAsync(store);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.GetInfoAsync("none"));

        Assert.All(_server.Requests, static request => Assert.Equal("?sig=topsecret", request.Query));
        Assert.DoesNotContain("topsecret", $"{error}{error.Location}{store.Location}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_UserInUrl_IsBasicAndNeverShown()
    {
        var address = _server.Address.ToString().Replace("//", "//me:top%3Asecret@", StringComparison.Ordinal);
        await using var store = new HttpObjectStore(new Uri(address));
        await ReadAsync(store);

        var error = await Assert.ThrowsAsync<StorageException>(async () => await store.GetInfoAsync("none"));

        var basic = Convert.ToBase64String("me:top:secret"u8);
        Assert.All(_server.Requests, request => Assert.Equal($"Basic {basic}", request.Authorization));
        Assert.DoesNotContain("secret", $"{error}{error.Location}{store.Location}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_UnauthorizedWithToken_NeverShowsIt()
    {
        var options = new HttpObjectStoreOptions
        {
            Credential = HttpCredential.Bearer("topsecret"),
            Headers = [new("X-Api-Key", "keysecret")],
        };
        await using var store = new HttpObjectStore(_server.Address, options);
        _server.Script("object", new HttpFault.Status(401));

        var error = await Assert.ThrowsAsync<StorageException>(() => ReadAsync(store));

        Assert.Equal("Bearer topsecret", _server.Requests.Single().Authorization);
        Assert.Equal("keysecret", _server.Requests.Single().ApiKey);
        Assert.DoesNotContain("secret", $"{error}{options}{options.Credential}", StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAsync(HttpObjectStore store)
    {
        await using var content = await store.OpenReadAsync("object");
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
