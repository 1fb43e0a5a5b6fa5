// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

public sealed class IndexFileTests
{
    [Fact]
    public async Task Read_NoLocalIndex_DownloadsItOnce()
    {
        using var data = await CachedDataset.CreateAsync();
        var options = CachedDataset.Patient with { TimeProvider = data.Time };

        var indexes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => IndexFile.ReadAsync(data.Directory, data.Remote, options).AsTask()));

        Assert.All(indexes, index => Assert.Equal(data.Shards.Count, index.Shards.Length));
        Assert.Equal(1, data.Remote.Opens);
        Assert.Equal(["index.json"], data.LocalFiles);
    }

    [Fact]
    public async Task Read_LocalIndex_IsBelieved()
    {
        using var mine = await CachedDataset.CreateAsync(shards: 1);
        using var other = await CachedDataset.CreateAsync(shards: 2);
        await IndexFile.ReadAsync(mine.Directory, mine.Remote);

        Assert.Single((await IndexFile.ReadAsync(mine.Directory, other.Remote)).Shards);
        Assert.Equal(0, other.Remote.Opens);
    }

    [Fact]
    public async Task Read_LocalIndexFromAnotherRemote_Warns()
    {
        using var data = await CachedDataset.CreateAsync(shards: 1);
        using var loggers = new RecordingLoggers();
        var options = new ShardCacheOptions { LoggerFactory = loggers };
        await using var other = new LocalObjectStore(Path.Combine(data.Root, "written"));
        await IndexFile.ReadAsync(data.Directory, data.Remote, options);
        await IndexFile.ReadAsync(data.Directory, data.Remote, options);
        Assert.Empty(loggers.Text);

        await IndexFile.ReadAsync(data.Directory, other, options);

        Assert.Contains($"was filled from {data.Remote.Location}, and is now used with {other.Location}", loggers.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RemoteIndexThatChanged_WarnsIfItIsToBeChecked()
    {
        using var data = await CachedDataset.CreateAsync(shards: 1);
        using var loggers = new RecordingLoggers();
        var options = new ShardCacheOptions { LoggerFactory = loggers, CheckIndex = true, TimeProvider = data.Time };
        var before = await IndexFile.ReadAsync(data.Directory, data.Remote, options);
        await IndexFile.ReadAsync(data.Directory, data.Remote, options);
        Assert.Empty(loggers.Text);

        await data.CorruptObjectAsync("index.json", static bytes => [.. bytes, (byte)' ']);
        Assert.Equal(before.SampleCount, (await IndexFile.ReadAsync(data.Directory, data.Remote, options with { CheckIndex = false })).SampleCount);
        Assert.Empty(loggers.Text);
        Assert.Equal(before.SampleCount, (await IndexFile.ReadAsync(data.Directory, data.Remote, options)).SampleCount);
        Assert.Contains("the data was written again", loggers.Text, StringComparison.Ordinal);

        await data.Objects.DeleteAsync("index.json");
        await IndexFile.ReadAsync(data.Directory, data.Remote, options);
        Assert.Contains("could not be compared", loggers.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Please log in.</html>")]
    public async Task Read_DamagedLocalIndex_IsFetchedAgain(string content)
    {
        using var data = await CachedDataset.CreateAsync();
        Directory.CreateDirectory(data.Directory);
        await File.WriteAllTextAsync(data.LocalPath("index.json"), content);

        await Assert.ThrowsAsync<ShardFormatException>(async () => await IndexFile.ReadAsync(data.Directory, remote: null));
        Assert.Equal(data.Shards.Count, (await IndexFile.ReadAsync(data.Directory, data.Remote)).Shards.Length);
        Assert.Equal(data.Shards.Count, (await IndexFile.ReadAsync(data.Directory, remote: null)).Shards.Length);
    }

    [Fact]
    public async Task Read_DamagedRemoteIndex_NamesTheRemoteAndLeavesNothing()
    {
        using var data = await CachedDataset.CreateAsync();
        await data.CorruptObjectAsync("index.json", static bytes => bytes[..^20]);

        var error = await Assert.ThrowsAsync<ShardFormatException>(async () => await IndexFile.ReadAsync(data.Directory, data.Remote));

        Assert.Equal($"{data.Remote.Location}/index.json", error.Location.File);
        Assert.Empty(data.LocalFiles);
    }

    [Fact]
    public async Task Read_NoIndexAnywhere_IsNotFoundAndLeavesNothing()
    {
        using var data = await CachedDataset.CreateAsync();
        await data.Objects.DeleteAsync("index.json");

        foreach (var remote in (IObjectStore?[])[null, data.Remote, new LocalObjectStore(data.Directory)])
        {
            var error = await Assert.ThrowsAsync<StorageException>(async () => await IndexFile.ReadAsync(data.Directory, remote));
            Assert.Equal(StorageErrorKind.NotFound, error.Kind);
            Assert.Contains("index.json", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(data.LocalFiles);
    }

    [Fact]
    public async Task Read_DownloadThatBreaks_IsRetriedThenFailsCleanly()
    {
        using var data = await CachedDataset.CreateAsync();
        await using var server = await ScriptedHttpServer.StartAsync();
        await using (var index = await data.Objects.OpenReadAsync("index.json"))
        using (var bytes = new MemoryStream())
        {
            await index.Stream.CopyToAsync(bytes);
            server.Put("index.json", bytes.ToArray());
        }

        server.Script("index.json", new HttpFault.BreakAfter(10), new HttpFault.BreakAfter(10));
        await using var remote = new HttpObjectStore(server.Address);
        var options = new ShardCacheOptions { TimeProvider = data.Time };

        await Assert.ThrowsAsync<StorageException>(async () => await IndexFile.ReadAsync(data.Directory, remote, options));
        Assert.Empty(data.LocalFiles);

        server.Script("index.json", new HttpFault.BreakAfter(10));
        Assert.Equal(data.Shards.Count, (await IndexFile.ReadAsync(data.Directory, remote, options)).Shards.Length);
    }
}
