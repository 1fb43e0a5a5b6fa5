// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Tests.Caching;

/// <summary>Several users of one directory. Locks work between open files, so two caches in one process stand for two processes.</summary>
public sealed class ManyProcessesTests
{
    [Fact]
    public async Task Lease_TwoCachesOnOneDirectory_DownloadEachShardOnce()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using var first = await data.OpenAsync(CachedDataset.Patient);
        await using var second = await data.OpenAsync(CachedDataset.Patient);

        await Parallel.ForAsync(0, data.Shards.Count * 4, async (i, cancellationToken) =>
        {
            using var lease = await (i % 2 == 0 ? first : second).LeaseAsync(i / 4, cancellationToken);
            data.AssertSamples(lease);
        });

        Assert.Equal(data.Shards.Count, data.Remote.Opens);
        Assert.Equal(data.Shards.Count, first.Statistics.Misses + second.Statistics.Misses);
    }

    [Fact]
    public async Task Lease_LockHeldByAnotherProcess_WaitsAndFindsTheFile()
    {
        using var data = await CachedDataset.CreateAsync();
        await using var cache = await data.OpenAsync(CachedDataset.Patient);
        data.Time.PassAtOnce = TimeSpan.Zero;
        var held = FileLock.TryAcquire(LockPath(data, 0))!;

        var waiting = cache.LeaseAsync(0).AsTask();
        await data.CopyToLocalAsync();
        held.Dispose();
        while (!waiting.IsCompleted)
        {
            data.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        using var lease = await waiting;
        data.AssertSamples(lease);
        Assert.Equal(0, data.Remote.Opens);
    }

    [Fact]
    public async Task Lease_LockHeldWithoutProgress_IsCacheErrorInTheEnd()
    {
        using var data = await CachedDataset.CreateAsync();
        await using var cache = await data.OpenAsync(new ShardCacheOptions { DownloadTimeout = TimeSpan.FromSeconds(5) });
        using var held = FileLock.TryAcquire(LockPath(data, 0));
        var start = data.Time.GetTimestamp();

        var error = await Assert.ThrowsAsync<CacheException>(async () => await cache.LeaseAsync(0));

        Assert.Contains(".lock", error.Message, StringComparison.Ordinal);
        Assert.InRange(data.Time.GetElapsedTime(start), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(16));
    }

    [Fact]
    public async Task Lease_LockHolderKilled_GoesOn()
    {
        if (!FlockProcess.IsAvailable)
        {
            return;
        }

        using var data = await CachedDataset.CreateAsync();
        await using var cache = await data.OpenAsync();
        using var holder = await FlockProcess.StartAsync(LockPath(data, 0));
        Assert.Null(FileLock.TryAcquire(LockPath(data, 0)));

        await holder.KillAsync();

        using var lease = await cache.LeaseAsync(0);
        data.AssertSamples(lease);
    }

    [Fact]
    public async Task Open_FilesLeftHalfWritten_AreDeletedUnlessTheirWriterLives()
    {
        using var data = await CachedDataset.CreateAsync(2, "zstd");
        Directory.CreateDirectory(data.Directory);
        var token = Guid.NewGuid().ToString("N");
        string[] names = [$"shard.00000.mds.{token}.ts-tmp", $"shard.00000.mds.zstd.{token}.ts-tmp", $"index.json.{token}.ts-tmp"];
        string[] kept = [$"shard.00001.mds.{token}.ts-tmp", $"stranger.{token}.ts-tmp", "shard.00001.mds.note.ts-tmp"];
        foreach (var name in names.Concat(kept))
        {
            await File.WriteAllTextAsync(data.LocalPath(name), "half");
        }

        using var held = FileLock.TryAcquire(LockPath(data, 1));
        await using var cache = await data.OpenAsync();

        Assert.Equal(kept.Order(StringComparer.Ordinal), data.LocalFiles);
    }

    private static string LockPath(CachedDataset data, int shard) =>
        Path.Combine(data.Directory, ".torchstreaming", $"{data.Shards[shard].Files[0].Raw.Basename}.lock");
}
