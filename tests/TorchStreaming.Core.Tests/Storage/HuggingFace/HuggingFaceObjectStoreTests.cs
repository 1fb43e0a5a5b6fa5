// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class HuggingFaceObjectStoreTests : ObjectStoreContractTests
{
    private const string Token = "hf_SECRET";

    private HuggingFaceServer _server = null!;
    private HuggingFaceObjectStore _store = null!;

    protected override IObjectStore Store => _store;

    protected override bool IsWritable => false;

    protected override bool CanList => true;

    public override async Task InitializeAsync()
    {
        _server = await HuggingFaceServer.StartAsync();
        _server.RequiredToken = Token;
        _store = Open("train");
    }

    public override async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override Task PutAsync(string key, byte[] content)
    {
        _server.Put($"train/{key}", content);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task OpenRead_LargeFile_IsRedirectedWithoutTheToken()
    {
        await PutAsync("large", Bytes(5000));

        Assert.Equal(Bytes(5000)[100..200], await ReadAsync("large", new ByteRange(100, 100)));

        Assert.All(_server.HubRequests, static request => Assert.Equal("Bearer " + Token, request.Authorization));
        var redirected = Assert.Single(_server.StorageRequests);
        Assert.Null(redirected.Authorization);
        Assert.Equal("bytes=100-199", redirected.Range);
    }

    [Fact]
    public async Task GetInfo_LargeFile_AsksTheHubAlone()
    {
        await PutAsync("large", Bytes(5000));

        Assert.Equal(5000, (await Store.GetInfoAsync("large")).Size);
        Assert.Empty(_server.StorageRequests);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5000)]
    public async Task List_File_HasTheFactsOfItsInfo(int size)
    {
        await PutAsync("file", Bytes(size));

        var listed = Assert.Single(await InfosAsync(""));

        Assert.Equal((await Store.GetInfoAsync("file")) with { LastModified = null }, listed);
    }

    [Fact]
    public async Task List_SeveralPages_GivesAllInOrder()
    {
        _server.PageSize = 3;
        var keys = Enumerable.Range(0, 10).Select(static i => $"many/{i}").ToList();
        foreach (var key in keys)
        {
            await PutAsync(key, Bytes(key.Length));
        }

        Assert.Equal(keys, (await InfosAsync("many/")).Select(static info => info.Key));
    }

    [Fact]
    public async Task List_NextPageAtAnotherServer_IsRefused()
    {
        await using var other = await HuggingFaceServer.StartAsync();
        _server.PageSize = 1;
        _server.NextPageAddress = other.Address.OriginalString;
        await PutAsync("a", [1]);
        await PutAsync("b", [2]);

        await ThrowsKindAsync(StorageErrorKind.Other, () => InfosAsync(""));

        Assert.Empty(other.HubRequests);
    }

    [Theory]
    [InlineData("@v1.0", "v1.0")]
    [InlineData("@refs/pr/3", "refs/pr/3")]
    [InlineData("@refs%2Fpr%2F3", "refs/pr/3")]
    [InlineData("@refs/convert/parquet", "refs/convert/parquet")]
    public async Task OpenRead_Revision_IsTheOneRead(string text, string revision)
    {
        _server.Revision = revision;
        await PutAsync("object", Bytes(10));
        await using var store = Open("train", text);

        Assert.Equal(10, (await store.GetInfoAsync("object")).Size);
        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await Store.GetInfoAsync("object"));
        await ThrowsKindAsync(StorageErrorKind.NotFound, () => InfosAsync(""));
    }

    [Fact]
    public async Task AnyCall_NoTokenAndPrivateDataset_SaysWhatToSet()
    {
        await using var store = Open("train", options: new HuggingFaceStoreOptions { Endpoint = _server.Address });

        var error = await ThrowsKindAsync(StorageErrorKind.Unauthenticated, async () => await store.GetInfoAsync("object"));

        Assert.Contains("HF_TOKEN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_Failure_ShowsNeitherTokenNorSignature()
    {
        await PutAsync("large", Bytes(5000));

        var error = await ThrowsKindAsync(StorageErrorKind.PreconditionFailed, () => ReadAsync("large", new ByteRange(9000)));

        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", Store.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_OfTheEnvironment_GoOverHttpsAndToThisMachineOnly()
    {
        var environment = new Dictionary<string, string> { ["HF_TOKEN"] = Token };

        Assert.NotNull(Choose("https://hub.example"));
        Assert.NotNull(Choose("http://127.0.0.1:80"));
        Assert.Null(Choose("http://hub.example"));
        Assert.Throws<ArgumentException>(
            static () => HuggingFaceCredentials.Choose(new HuggingFaceStoreOptions { Token = Token }, static _ => null, new Uri("http://hub.example")));

        HttpCredential? Choose(string endpoint) =>
            HuggingFaceCredentials.Choose(new HuggingFaceStoreOptions(), name => environment.GetValueOrDefault(name), new Uri(endpoint));
    }

    [Fact]
    public void Credentials_StoredToken_IsFound()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.Combine("token"), Token + "\n");

        var found = HuggingFaceCredentials.Choose(
            new HuggingFaceStoreOptions(), name => name == "HF_HOME" ? folder.Path : null, new Uri("https://hub.example"));

        Assert.Equal(Token, found!.Header.Parameter);
    }

    [Theory]
    [InlineData("hf://datasets/org")]
    [InlineData("hf://models/org/name")]
    [InlineData("hf://datasets/org/na me/x")]
    [InlineData("hf://datasets/../name/x")]
    [InlineData("hf://datasets/org/name@/x")]
    [InlineData("hf://datasets/org/name@..%2F..%2Fx/y")]
    [InlineData("hf://datasets/org/name/a/../b")]
    public void Constructor_MalformedAddress_IsArgumentError(string uri) =>
        Assert.ThrowsAny<ArgumentException>(() => new HuggingFaceObjectStore(uri));

    [Fact]
    public async Task Resolver_HubAddress_OpensThisStore()
    {
        await using var store = new ObjectStoreResolver().Open("hf://datasets/org/name@v2/train");

        Assert.Equal("hf://datasets/org/name@v2/train", Assert.IsType<HuggingFaceObjectStore>(store).Location);
    }

    private HuggingFaceObjectStore Open(string folder, string revision = "", HuggingFaceStoreOptions? options = null) => new(
        $"hf://datasets/{HuggingFaceServer.Repository}{revision}/{folder}",
        options ?? new HuggingFaceStoreOptions { Endpoint = _server.Address, Token = Token },
        static _ => null,
        SharedConnections.Invoker);

    private async Task<List<ObjectInfo>> InfosAsync(string prefix)
    {
        var infos = new List<ObjectInfo>();
        await foreach (var info in Store.ListAsync(prefix))
        {
            infos.Add(info);
        }

        return infos;
    }
}
