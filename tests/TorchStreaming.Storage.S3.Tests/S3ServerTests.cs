// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

/// <summary>The contract against a real server, each test below a prefix of its own.</summary>
[RequiresVariable(S3Server.Variable)]
public sealed class S3ServerTests : ObjectStoreContractTests
{
    protected override IObjectStore Store { get; } = S3Server.Open();

    public override Task InitializeAsync() => Task.CompletedTask;

    public override async Task DisposeAsync() => await Store.DisposeAsync();

    [ContractTheory]
    [InlineData(0)]
    [InlineData(S3StoreOptions.MinimumPartSize - 1)]
    [InlineData(S3StoreOptions.MinimumPartSize)]
    [InlineData(S3StoreOptions.MinimumPartSize + 1)]
    [InlineData(3 * S3StoreOptions.MinimumPartSize)]
    [InlineData(4 * S3StoreOptions.MinimumPartSize + 12345)]
    public async Task Write_ContentOfUnknownLength_IsWrittenInParts(int size)
    {
        var bytes = Bytes(size);

        await Store.WriteAsync("object", new UnseekableStream(bytes));

        Assert.Equal(bytes, await ReadAsync("object"));
    }

    [ContractFact]
    public async Task Write_MultipartThatFails_PublishesNothing()
    {
        var content = new UnseekableStream(Bytes(3 * S3StoreOptions.MinimumPartSize)) { FailAt = 2 * S3StoreOptions.MinimumPartSize };

        await Assert.ThrowsAsync<InvalidDataException>(async () => await Store.WriteAsync("object", content));

        await ThrowsKindAsync(StorageErrorKind.NotFound, () => ReadAsync("object"));
    }

    [ContractFact]
    public async Task List_MoreThanAPage_GivesAll()
    {
        var keys = Enumerable.Range(0, 1100).Select(static i => $"many/{i:D5}").ToList();
        await Parallel.ForEachAsync(keys, async (key, _) => await PutAsync(key, [1]));
        var listed = new List<string>();
        await foreach (var info in Store.ListAsync("many/"))
        {
            listed.Add(info.Key);
        }

        Assert.Equal(keys, listed);
    }

    [ContractFact]
    public async Task AnyCall_UnknownKey_IsUnauthenticatedAndShowsNoKey()
    {
        await using var store = S3Server.Open(
            new S3StoreOptions { Endpoint = S3Server.Address, AccessKey = "UNKNOWN-KEY", SecretKey = "WRONG-SECRET" });

        var error = await ThrowsKindAsync(
            StorageErrorKind.Unauthenticated, async () => await (await store.OpenReadAsync("object")).DisposeAsync());

        Assert.DoesNotContain("UNKNOWN-KEY", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG-SECRET", error.ToString(), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task AnyCall_NoSuchBucket_IsNotFound()
    {
        await using var store = new S3ObjectStore("s3://no-such-bucket/x", S3Server.Options);

        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await (await store.OpenReadAsync("object")).DisposeAsync());
        await ThrowsKindAsync(StorageErrorKind.NotFound, async () => await store.ListAsync().GetAsyncEnumerator().MoveNextAsync());
    }
}
