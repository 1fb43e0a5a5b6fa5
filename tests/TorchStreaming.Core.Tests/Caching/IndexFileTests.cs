// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

public sealed class IndexFileTests
{
    [Fact]
    public async Task Acquire_NoLocalIndex_DownloadsItOnce()
    {
        using var data = await CachedDataset.CreateAsync();
        var options = CachedDataset.Patient with { TimeProvider = data.Time };

        var paths = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => IndexFile.AcquireAsync(data.Directory, data.Remote, options).AsTask()));

        Assert.All(paths, path => Assert.Equal(data.LocalPath("index.json"), path));
        Assert.Equal(1, data.Remote.Opens);
        Assert.Equal(["index.json"], data.LocalFiles);
    }

    [Fact]
    public async Task Acquire_LocalIndex_IsBelieved()
    {
        using var data = await CachedDataset.CreateAsync();
        Directory.CreateDirectory(data.Directory);
        await File.WriteAllTextAsync(data.LocalPath("index.json"), "mine");

        Assert.Equal("mine", await File.ReadAllTextAsync(await IndexFile.AcquireAsync(data.Directory, data.Remote)));
    }

    [Fact]
    public async Task Acquire_NoIndexAnywhere_IsNotFoundAndLeavesNothing()
    {
        using var data = await CachedDataset.CreateAsync();
        await data.Objects.DeleteAsync("index.json");

        foreach (var remote in (IObjectStore?[])[null, data.Remote, new LocalObjectStore(data.Directory)])
        {
            var error = await Assert.ThrowsAsync<StorageException>(async () => await IndexFile.AcquireAsync(data.Directory, remote));
            Assert.Equal(StorageErrorKind.NotFound, error.Kind);
            Assert.Contains("index.json", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(data.LocalFiles);
    }

    [Fact]
    public async Task Acquire_DownloadThatBreaks_IsRetriedThenFailsCleanly()
    {
        using var data = await CachedDataset.CreateAsync();
        await using var server = await ScriptedHttpServer.StartAsync();
        server.Put("index.json", new byte[1000]);
        server.Script("index.json", new HttpFault.BreakAfter(10), new HttpFault.BreakAfter(10));
        await using var remote = new HttpObjectStore(server.Address);
        var options = new ShardCacheOptions { TimeProvider = data.Time };

        await Assert.ThrowsAsync<StorageException>(async () => await IndexFile.AcquireAsync(data.Directory, remote, options));
        Assert.Empty(data.LocalFiles);

        server.Script("index.json", new HttpFault.BreakAfter(10));
        Assert.Equal(1000, new FileInfo(await IndexFile.AcquireAsync(data.Directory, remote, options)).Length);
    }
}
