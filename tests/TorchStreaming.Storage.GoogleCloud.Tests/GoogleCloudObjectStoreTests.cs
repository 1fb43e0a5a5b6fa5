// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class GoogleCloudObjectStoreTests : ObjectStoreContractTests
{
    private const string Token = "SECRET-TOKEN";

    private GoogleCloudServer _server = null!;
    private GoogleCloudObjectStore _store = null!;

    protected override IObjectStore Store => _store;

    public override async Task InitializeAsync()
    {
        _server = await GoogleCloudServer.StartAsync();
        _server.RequiredToken = Token;
        _store = Open(new GoogleCloudStoreOptions { Endpoint = _server.Address, AccessToken = Token, PartSize = GoogleCloudStoreOptions.PartSizeGranularity });
    }

    public override async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(GoogleCloudStoreOptions.PartSizeGranularity - 1)]
    [InlineData(GoogleCloudStoreOptions.PartSizeGranularity)]
    [InlineData(GoogleCloudStoreOptions.PartSizeGranularity + 1)]
    [InlineData(4 * GoogleCloudStoreOptions.PartSizeGranularity)]
    [InlineData(3 * GoogleCloudStoreOptions.PartSizeGranularity + 777)]
    public async Task Write_ContentOfUnknownLength_IsWrittenInParts(int size)
    {
        var bytes = Bytes(size);

        await Store.WriteAsync("object", new UnseekableStream(bytes));

        Assert.Equal(bytes, await ReadAsync("object"));
        Assert.Empty(_server.OpenUploads);
    }

    [Fact]
    public async Task Write_ServiceKeepsLessThanSent_SendsTheRestAgain()
    {
        // The service keeps whole multiples of the granularity.
        var bytes = Bytes(11 * GoogleCloudStoreOptions.PartSizeGranularity + 777);
        _server.KeptBytes = GoogleCloudStoreOptions.PartSizeGranularity;
        await using var store = Open(new GoogleCloudStoreOptions
        {
            Endpoint = _server.Address,
            AccessToken = Token,
            PartSize = 4 * GoogleCloudStoreOptions.PartSizeGranularity,
        });

        await store.WriteAsync("object", new UnseekableStream(bytes));

        Assert.Equal(bytes, await ReadAsync("object"));
    }

    [Fact]
    public async Task Write_ServiceKeepsNothing_IsUnavailableAndAbandoned()
    {
        _server.KeptBytes = 0;

        await ThrowsKindAsync(
            StorageErrorKind.Unavailable,
            async () => await Store.WriteAsync("object", new UnseekableStream(Bytes(3 * GoogleCloudStoreOptions.PartSizeGranularity))));

        Assert.Empty(_server.OpenUploads);
    }

    [Fact]
    public async Task Write_SessionAtAnotherServer_IsRefused()
    {
        await using var other = await GoogleCloudServer.StartAsync();
        _server.SessionAddress = other.Address.OriginalString;

        await ThrowsKindAsync(
            StorageErrorKind.Other, async () =>
                await Store.WriteAsync("object", new UnseekableStream(Bytes(3 * GoogleCloudStoreOptions.PartSizeGranularity))));

        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task List_SeveralPages_GivesAll()
    {
        _server.PageSize = 3;
        var keys = Enumerable.Range(0, 10).Select(static i => $"many/{i}").ToList();
        foreach (var key in keys)
        {
            await PutAsync(key, [1]);
        }

        Assert.Equal(keys, await KeysAsync("many/"));
    }

    [Fact]
    public async Task List_PageTokenThatRepeats_IsAnErrorAndNoHang()
    {
        _server.Fault = static context =>
        {
            context.Response.Body.WriteAsync("""{"nextPageToken":"again"}"""u8.ToArray()).AsTask().GetAwaiter().GetResult();
            return true;
        };

        await ThrowsKindAsync(StorageErrorKind.Other, async () => await KeysAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"items\":[{\"name\":\"data/x\"}]}")]
    [InlineData("{\"items\":[{\"name\":\"data/x\",\"size\":\"-1\"}]}")]
    [InlineData("{\"items\":[{\"name\":\"data/x\",\"size\":\"99999999999999999999999\"}]}")]
    [InlineData("{\"items\":[{\"name\":null,\"size\":\"1\"}]}")]
    [InlineData("{\"items\":7}")]
    [InlineData("not json")]
    public async Task List_AnswerThatIsNoListing_IsAnError(string body)
    {
        _server.Fault = context =>
        {
            context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body)).AsTask().GetAwaiter().GetResult();
            return true;
        };

        await ThrowsKindAsync(StorageErrorKind.Other, async () => await KeysAsync(""));
    }

    [Theory]
    [InlineData(401, StorageErrorKind.Unauthenticated)]
    [InlineData(403, StorageErrorKind.PermissionDenied)]
    [InlineData(404, StorageErrorKind.NotFound)]
    [InlineData(408, StorageErrorKind.Timeout)]
    [InlineData(412, StorageErrorKind.PreconditionFailed)]
    [InlineData(429, StorageErrorKind.Throttled)]
    [InlineData(500, StorageErrorKind.Unavailable)]
    [InlineData(503, StorageErrorKind.Unavailable)]
    public async Task AnyCall_FailureStatus_HasItsKindAndShowsNoSecret(int status, StorageErrorKind kind)
    {
        _server.Fault = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{{\"error\":{{\"message\":\"{Token}\"}}}}")).AsTask().GetAwaiter().GetResult();
            return true;
        };

        var error = await ThrowsKindAsync(kind, () => ReadAsync("object"));

        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
        Assert.DoesNotContain(Token, error.ToString(), StringComparison.Ordinal);
        Assert.Equal($"{Store.Location}/object", error.Location);
    }

    [Fact]
    public async Task AnyCall_NoServer_IsUnavailable()
    {
        await using var store = Open(new GoogleCloudStoreOptions { Endpoint = new Uri("http://127.0.0.1:9"), Anonymous = true });

        Assert.True((await ThrowsKindAsync(StorageErrorKind.Unavailable, async () => await store.GetInfoAsync("object"))).IsTransient);
    }

    [Fact]
    public async Task AnyCall_TokenToPlainHttpServer_IsRefusedBeforeItIsSent()
    {
        await using var store = Open(new GoogleCloudStoreOptions { Endpoint = new Uri("http://storage.example"), AccessToken = Token });

        await ThrowsKindAsync(StorageErrorKind.PermissionDenied, async () => await store.GetInfoAsync("object"));
    }

    [Fact]
    public void Location_OfTheStore_IsTheBucketAndPrefix() => Assert.Equal("gs://test-bucket/data", Store.Location);

    [Theory]
    [InlineData("gs://")]
    [InlineData("gs:///path")]
    [InlineData("gs://KEY:SECRET@bucket/path")]
    [InlineData("gs://bucket/a/../../b")]
    [InlineData("s3://bucket")]
    public void Constructor_MalformedAddress_IsArgumentErrorWithoutTheSecret(string uri)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new GoogleCloudObjectStore(uri));

        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AsText_ShowNoToken() => Assert.DoesNotContain(
        Token, new GoogleCloudStoreOptions { AccessToken = Token }.ToString(), StringComparison.Ordinal);

    private static GoogleCloudObjectStore Open(GoogleCloudStoreOptions options) =>
        new($"gs://{GoogleCloudServer.Bucket}/data", options, static _ => null);

    private async Task<List<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in Store.ListAsync(prefix))
        {
            keys.Add(info.Key);
        }

        return keys;
    }
}
