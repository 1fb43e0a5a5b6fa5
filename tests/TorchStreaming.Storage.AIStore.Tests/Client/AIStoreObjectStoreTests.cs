// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class AIStoreObjectStoreTests : ObjectStoreContractTests
{
    private AIStoreServer _server = null!;
    private AIStoreObjectStore _store = null!;

    protected override IObjectStore Store => _store;

    public override async Task InitializeAsync()
    {
        _server = await AIStoreServer.StartAsync();
        _server.Contents.CreateBucket(AISBucketName.Create("data"));
        _store = new AIStoreObjectStore("ais://data/set", _server.ClientOptions);
    }

    public override async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("ais://data", "ais://data")]
    [InlineData("ais://data/a/b/", "ais://data/a/b")]
    [InlineData("ais+s3://data/a", "ais+s3://data/a")]
    [InlineData("ais+gs://data", "ais+gs://data")]
    [InlineData("ais+az://data", "ais+az://data")]
    [InlineData("ais+oc://data", "ais+oc://data")]
    [InlineData("ais://%40uuid%23ns/data/a", "ais://%40uuid%23ns/data/a")]
    public async Task Open_AddressOfABucket_GivesItsStore(string location, string shown)
    {
        await using var store = new ObjectStoreResolver().AddAIStore(_server.ClientOptions).Open(location);

        Assert.IsType<AIStoreObjectStore>(store);
        Assert.Equal(shown, store.Location);
    }

    [Theory]
    [InlineData("ais://")]
    [InlineData("ais://bad bucket/x")]
    [InlineData("ais://user:secret@host/x")]
    [InlineData("ais://@uuid#ns/bucket/x")]
    [InlineData("ais://data/../x")]
    public void Open_MalformedAddress_IsArgumentError(string location) =>
        Assert.ThrowsAny<ArgumentException>(() => new ObjectStoreResolver().AddAIStore().AddAIStore().Open(location));

    [Theory]
    [InlineData("ais+s3://data/a", "aws")]
    [InlineData("ais://%40uuid%23ns/data/a", "ais")]
    public async Task Read_BucketOfABackendOrNamespace_AsksForIt(string location, string provider)
    {
        var ns = location.Contains("uuid", StringComparison.Ordinal) ? new AISNamespace("uuid", "ns") : default;
        _server.Contents.Put(AISBucketName.Create("data", provider, ns), "a/x", [1, 2, 3]);
        await using var store = new AIStoreObjectStore(location, _server.ClientOptions);

        await using var content = await store.OpenReadAsync("x");

        Assert.Equal([1, 2, 3], await ReadAsync(content));
    }

    [Fact]
    public async Task Write_ContentOfUnknownLength_IsWritten()
    {
        var bytes = Bytes(3_000_000);

        await Store.WriteAsync("object", new UnseekableStream(bytes));

        Assert.Equal(bytes, await ReadAsync("object"));
    }

    [Fact]
    public async Task OpenRead_DamagedOnTheWay_IsOneErrorAndNoRetry()
    {
        _server.Contents.Put("data", "set/object", Bytes(100_000));
        _server.Script(static request => request.IsTarget, new AIStoreFault.FlipByte(99_999));
        await using var store = new RetryingObjectStore(_store, ownsInner: false);

        var error = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            await using var content = await store.OpenReadAsync("object");
            await ReadAsync(content);
        });

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(StorageErrorKind.Other, error.Kind);
    }

    [Fact]
    public async Task OpenRead_BrokenOffAndRetried_GoesOnBehindItsLastByte()
    {
        var bytes = Bytes(300_000);
        _server.Contents.Put("data", "set/object", bytes);
        _server.Script(static request => request.IsTarget, new AIStoreFault.BreakAfter(100_000));
        await using var store = new RetryingObjectStore(
            _store, new RetryPolicy { Attempts = 3 }, new PassingTimeProvider { PassAtOnce = TimeSpan.FromSeconds(30) }, ownsInner: false);

        await using var content = await store.OpenReadAsync("object");

        Assert.Equal(bytes, await ReadAsync(content));
        Assert.Contains(_server.Requests, static request => request.IsTarget && request.Range is not null);
    }

    [Fact]
    public async Task List_NamesThatAreNoKeys_AreLeftOut()
    {
        _server.Contents.Put("data", "set/a\\b", [1]);
        _server.Contents.Put("data", "set/c", [1]);

        var keys = new List<string>();
        await foreach (var info in Store.ListAsync())
        {
            keys.Add(info.Key);
        }

        Assert.Equal(["c"], keys);
    }
}
