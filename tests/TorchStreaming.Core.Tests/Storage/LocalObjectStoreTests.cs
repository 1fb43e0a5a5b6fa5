// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Storage;

public sealed class LocalObjectStoreTests : ObjectStoreContractTests
{
    private readonly TemporaryDirectory _directory = new();

    protected override IObjectStore Store => field ??= new LocalObjectStore(_directory.Combine("root"));

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task OpenRead_LinkOutOfTheRoot_IsRefused()
    {
        await PutAsync("inside", Bytes(1));
        await File.WriteAllTextAsync(_directory.Combine("secret"), "secret");
        File.CreateSymbolicLink(_directory.Combine("root", "link"), _directory.Combine("secret"));
        Directory.CreateSymbolicLink(_directory.Combine("root", "folder"), _directory.Path);
        File.CreateSymbolicLink(_directory.Combine("root", "relative"), "../secret");

        foreach (var key in (string[])["link", "folder/secret", "relative"])
        {
            var error = await ThrowsKindAsync(StorageErrorKind.PermissionDenied, () => ReadAsync(key));
            Assert.Contains(key, error.Message, StringComparison.Ordinal);
        }

        await ThrowsKindAsync(StorageErrorKind.PermissionDenied, async () => await Store.WriteAsync("folder/new", Stream.Null));
        Assert.False(File.Exists(_directory.Combine("new")));
    }

    [Fact]
    public async Task OpenRead_LinkInsideTheRoot_IsFollowed()
    {
        await PutAsync("target", Bytes(5));
        File.CreateSymbolicLink(_directory.Combine("root", "link"), "target");

        Assert.Equal(Bytes(5), await ReadAsync("link"));
    }

    [Fact]
    public async Task OpenRead_LinkToItself_IsStorageError()
    {
        await PutAsync("inside", Bytes(1));
        File.CreateSymbolicLink(_directory.Combine("root", "loop"), "loop");

        await Assert.ThrowsAsync<StorageException>(() => ReadAsync("loop"));
    }

    [Fact]
    public async Task OpenRead_RootBehindALink_Works()
    {
        await PutAsync("object", Bytes(5));
        Directory.CreateSymbolicLink(_directory.Combine("alias"), _directory.Combine("root"));
        await using var alias = new LocalObjectStore(_directory.Combine("alias"));

        Assert.Equal(5, (await alias.GetInfoAsync("object")).Size);
    }

    [Fact]
    public async Task Write_Cancelled_LeavesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.WriteAsync("object", new MemoryStream(Bytes(10)), new CancellationToken(canceled: true)));

        Assert.Empty(Directory.Exists(Store.Location) ? Directory.GetFiles(Store.Location) : []);
    }

    [Fact]
    public async Task Write_FolderWhereAFileIs_IsStorageError()
    {
        await PutAsync("file", Bytes(1));

        await Assert.ThrowsAsync<StorageException>(async () => await Store.WriteAsync("file/below", Stream.Null));
    }
}
