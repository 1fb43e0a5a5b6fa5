// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

public sealed class LegacyIndexFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Source => _directory.Combine("source");

    private string Local => _directory.Combine("local");

    private string[] LocalFiles => [.. Directory.GetFiles(Local).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null, DatasetIndexFormat.Any)]
    [InlineData("gz", DatasetIndexFormat.Any)]
    [InlineData("gz", DatasetIndexFormat.Legacy)]
    public async Task Read_LegacyRemote_KeepsTheIndexPlainAndTheSchemeBesideIt(string? compression, DatasetIndexFormat format)
    {
        LegacyDataset.Write(Source, 9, compression: compression);
        var remote = new ProbedObjectStore(new LocalObjectStore(Source));
        var options = new ShardCacheOptions { IndexFormat = format };

        var first = await IndexFile.ReadAsync(Local, remote, options);
        var opens = remote.Opens;
        var second = await IndexFile.ReadAsync(Local, remote, options);

        Assert.Equal(opens, remote.Opens);
        Assert.Equal(["compression.txt.old", "index.mds"], LocalFiles);
        foreach (var index in (DatasetIndex[])[first, second])
        {
            Assert.Equal(9, index.SampleCount);
            Assert.Equal(compression is null ? "000000.mds" : "000000.mds.gz", index.Shards[0].Files[0].Stored.Basename);
        }
    }

    [Fact]
    public async Task Read_BothKindsRemote_PrefersIndexJsonUnlessTold()
    {
        await SmallDataset.WriteAsync(Source, 5);
        LegacyDataset.Write(Source, 9);
        await using var remote = new LocalObjectStore(Source);

        Assert.Equal(5, (await IndexFile.ReadAsync(Local, remote)).SampleCount);
        Assert.Equal(9, (await IndexFile.ReadAsync(
            Local, remote, new ShardCacheOptions { IndexFormat = DatasetIndexFormat.Legacy })).SampleCount);
        Assert.Equal(5, (await IndexFile.ReadAsync(Source, remote: null)).SampleCount);
    }

    [Fact]
    public async Task Read_JsonAskedFor_DoesNotFallBack()
    {
        LegacyDataset.Write(Source, 9);
        await using var remote = new LocalObjectStore(Source);

        var error = await Assert.ThrowsAsync<StorageException>(
            async () => await IndexFile.ReadAsync(Local, remote, new ShardCacheOptions { IndexFormat = DatasetIndexFormat.Json }));

        Assert.Equal(StorageErrorKind.NotFound, error.Kind);
    }

    // Composer took any refusal of compression.txt for "not compressed", and then asked for files that do not exist.
    [Theory]
    [InlineData("index.json", DatasetIndexFormat.Any)]
    [InlineData("compression.txt", DatasetIndexFormat.Any)]
    [InlineData("compression.txt", DatasetIndexFormat.Legacy)]
    public async Task Read_RefusedAccess_IsNotTakenForAMissingFile(string refused, DatasetIndexFormat format)
    {
        LegacyDataset.Write(Source, 9);
        await using var server = await ScriptedHttpServer.StartAsync();
        LegacyDataset.Serve(server, Source);
        server.Script(refused, new HttpFault.Status(403));
        await using var remote = new HttpObjectStore(server.Address);

        var error = await Assert.ThrowsAsync<StorageException>(
            async () => await IndexFile.ReadAsync(Local, remote, new ShardCacheOptions { IndexFormat = format }));

        Assert.Equal(StorageErrorKind.PermissionDenied, error.Kind);
        Assert.False(Directory.Exists(Local) && LocalFiles.Length > 0);
    }

    [Fact]
    public async Task Read_LocalIndexWithoutItsScheme_AsksTheRemote()
    {
        // Composer 0.8 left such caches.
        LegacyDataset.Write(Source, 9, compression: "gz");
        Directory.CreateDirectory(Local);
        LegacyDataset.Write(_directory.Combine("plain"), 9);
        File.Copy(_directory.Combine("plain", "index.mds"), Path.Combine(Local, "index.mds"));
        await using var remote = new LocalObjectStore(Source);

        Assert.Equal("gz", (await IndexFile.ReadAsync(Local, remote)).Shards[0].Compression);
        Assert.Null((await IndexFile.ReadAsync(Local, remote: null)).Shards[0].Compression);
    }

    [Theory]
    [InlineData("compression.txt", "zstd")]
    [InlineData("index.mds.gz", "not gzip at all, I am afraid")]
    public async Task Read_DamagedRemote_IsATypedErrorAndLeavesNothing(string name, string content)
    {
        LegacyDataset.Write(Source, 9, compression: "gz");
        await File.WriteAllTextAsync(Path.Combine(Source, name), content);
        await using var remote = new LocalObjectStore(Source);

        var options = new ShardCacheOptions { TimeProvider = new PassingTimeProvider { PassAtOnce = TimeSpan.FromSeconds(45) } };

        var error = await Assert.ThrowsAsync<ShardFormatException>(async () => await IndexFile.ReadAsync(Local, remote, options));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Empty(LocalFiles);
    }

    [Fact]
    public async Task Read_DamagedLocalIndex_IsFetchedAgain()
    {
        LegacyDataset.Write(Source, 9, compression: "gz");
        await using var remote = new LocalObjectStore(Source);
        await IndexFile.ReadAsync(Local, remote);
        await File.WriteAllTextAsync(Path.Combine(Local, "index.mds"), "damaged");

        Assert.Equal(9, (await IndexFile.ReadAsync(Local, remote)).SampleCount);
        Assert.Equal(9, (await IndexFile.ReadAsync(Local, remote: null)).SampleCount);
    }

    [Fact]
    public async Task Read_InPlace_ReadsPlainAndCompressedIndexes()
    {
        LegacyDataset.Write(Source, 9);
        LegacyDataset.Write(Local, 8, compression: "gz");

        Assert.Null((await IndexFile.ReadAsync(Source, remote: null)).Shards[0].Compression);
        Assert.Equal("gz", (await IndexFile.ReadAsync(Local, remote: null)).Shards[0].Compression);
    }
}
