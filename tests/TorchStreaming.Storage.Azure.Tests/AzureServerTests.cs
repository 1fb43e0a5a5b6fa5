// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>The contract against a real server, each test in a container of its own.</summary>
[RequiresVariable(AzureServer.Variable)]
public sealed class AzureServerTests : ObjectStoreContractTests
{
    private AzureBlobObjectStore? _store;
    private string _container = "";

    protected override IObjectStore Store => _store!;

    public override async Task InitializeAsync()
    {
        _container = await AzureServer.CreateContainerAsync();
        _store = new AzureBlobObjectStore($"az://{_container}/some/folder", AzureServer.Options);
    }

    public override async Task DisposeAsync() => await Store.DisposeAsync();

    [ContractTheory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(9 << 20)]
    [InlineData((7 << 20) + 12345)]
    public async Task Write_ContentOfUnknownLength_IsWrittenInBlocks(int size)
    {
        var bytes = Bytes(size);

        await Store.WriteAsync("object", new UnseekableStream(bytes));

        Assert.Equal(bytes, await ReadAsync("object"));
    }

    [ContractFact]
    public async Task Write_BlocksThatFail_PublishNothing()
    {
        var content = new UnseekableStream(Bytes(5 << 20)) { FailAt = 3 << 20 };

        await Assert.ThrowsAsync<InvalidDataException>(async () => await Store.WriteAsync("object", content));

        await ThrowsKindAsync(StorageErrorKind.NotFound, () => ReadAsync("object"));
    }

    [ContractFact]
    public async Task List_MoreThanAPage_GivesAll()
    {
        var keys = Enumerable.Range(0, AzureBlobListing.PageSize + 100).Select(static i => $"many/{i:D5}").ToList();
        await Parallel.ForEachAsync(keys, async (key, _) => await PutAsync(key, [1]));
        var listed = new List<string>();
        await foreach (var info in Store.ListAsync("many/"))
        {
            listed.Add(info.Key);
        }

        Assert.Equal(keys, listed);
    }

    [ContractFact]
    public async Task List_Object_HasTheTagOfItsRead()
    {
        await PutAsync("object", Bytes(10));
        await using var listing = Store.ListAsync().GetAsyncEnumerator();

        Assert.True(await listing.MoveNextAsync());
        Assert.Equal((await Store.GetInfoAsync("object")) with { LastModified = null }, listing.Current with { LastModified = null });
    }

    [ContractFact]
    public async Task AnyCall_WrongKey_IsUnauthenticatedAndShowsNoKey()
    {
        var wrong = Convert.ToBase64String(Encoding.UTF8.GetBytes("not the account's key"));
        await using var store = new AzureBlobObjectStore($"az://{_container}", AzureServer.Options with { AccountKey = wrong });

        var error = await Assert.ThrowsAsync<StorageException>(async () => await (await store.OpenReadAsync("object")).DisposeAsync());

        Assert.Contains(error.Kind, (StorageErrorKind[])[StorageErrorKind.Unauthenticated, StorageErrorKind.PermissionDenied]);
        Assert.DoesNotContain(wrong, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SharedKey", error.ToString(), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task AnyCall_ConnectionString_Works()
    {
        await PutAsync("object", Bytes(100));
        var text = $"DefaultEndpointsProtocol=http;AccountName={AzureServer.Account};AccountKey={AzureServer.Key};BlobEndpoint={AzureServer.Endpoint};";
        await using var store = new AzureBlobObjectStore(
            $"azure-dl://{_container}/some/folder", new AzureStoreOptions { ConnectionString = text });

        Assert.Equal(100, (await store.GetInfoAsync("object")).Size);
    }

    [ContractFact]
    public async Task OpenRead_SignatureInTheOptions_ReadsAndMayNotWrite()
    {
        await PutAsync("object", Bytes(100));
        var options = new AzureStoreOptions { Endpoint = AzureServer.Endpoint, SasToken = "?" + SignForReading() };
        await using var store = new AzureBlobObjectStore($"az://{_container}/some/folder", options);

        Assert.Equal(100, (await store.GetInfoAsync("object")).Size);
        var error = await ThrowsKindAsync(StorageErrorKind.PermissionDenied, async () => await store.WriteAsync("object", Stream.Null));
        Assert.DoesNotContain("sig=", error.ToString(), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task OpenRead_PublicContainer_NeedsNoCredentials()
    {
        var container = await AzureServer.CreateContainerAsync(isPublic: true);
        await using var writer = new AzureBlobObjectStore($"az://{container}", AzureServer.Options);
        await writer.WriteAsync("object", new MemoryStream(Bytes(100)));
        await using var reader = new AzureBlobObjectStore(
            $"az://{container}", new AzureStoreOptions { Endpoint = AzureServer.Endpoint, Anonymous = true });

        Assert.Equal(100, (await reader.GetInfoAsync("object")).Size);
        await Assert.ThrowsAsync<StorageException>(async () => await reader.WriteAsync("object", Stream.Null));
    }

    /// <summary>A service signature for one container, as the portal makes it.</summary>
    private string SignForReading()
    {
        const string Version = "2020-12-06";
        var end = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string[] fields = ["r", "", end, $"/blob/{AzureServer.Account}/{_container}", "", "", "", Version, "c", "", "", "", "", "", "", ""];
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Convert.FromBase64String(AzureServer.Key), Encoding.UTF8.GetBytes(string.Join('\n', fields))));
        return $"sp=r&se={Uri.EscapeDataString(end)}&sv={Version}&sr=c&sig={Uri.EscapeDataString(signature)}";
    }
}
