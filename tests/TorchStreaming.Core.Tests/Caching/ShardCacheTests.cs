// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Storage;

namespace TorchStreaming.Tests.Caching;

public sealed class ShardCacheTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("gz")]
    [InlineData("br:1")]
    [InlineData("zstd:3")]
    public async Task Lease_EveryShard_HasItsSamplesAndIsFoundByTheNextRun(string? compression)
    {
        using var data = await CachedDataset.CreateAsync(3, compression, "sha1");
        var options = new ShardCacheOptions { ValidateHash = "sha1" };
        await using (var cache = await data.OpenAsync(options))
        {
            await LeaseAllAsync(data, cache);
            Assert.Equal(data.Shards.Count, cache.Statistics.Misses);
            Assert.Equal(data.Shards.Sum(static shard => shard.StoredBytes), cache.Statistics.DownloadedBytes);
            Assert.Equal(data.Shards.Sum(static shard => shard.RawBytes), cache.Statistics.ResidentBytes);
        }

        var opens = data.Remote.Opens;
        await using var next = await data.OpenAsync(options);
        await LeaseAllAsync(data, next);

        Assert.Equal(opens, data.Remote.Opens);
        Assert.Equal(data.Shards.Count, next.Statistics.Hits);
        Assert.Equal(data.Shards.Sum(static shard => shard.RawBytes), next.Statistics.ResidentBytes);
        Assert.Equal(data.Shards.Select(static shard => shard.Files[0].Raw.Basename), data.LocalFiles);
    }

    [Fact]
    public async Task Lease_FileOfTheWrongSize_IsFetchedAgain()
    {
        using var data = await CachedDataset.CreateAsync();
        Directory.CreateDirectory(data.Directory);
        await File.WriteAllBytesAsync(data.RawPath(1), [1, 2, 3]);
        await using var cache = await data.OpenAsync();

        using var lease = await cache.LeaseAsync(1);

        data.AssertSamples(lease);
    }

    [Fact]
    public async Task Lease_FileOfTheRightSizeThatIsNoShard_IsFetchedAgain()
    {
        using var data = await CachedDataset.CreateAsync();
        Directory.CreateDirectory(data.Directory);
        await File.WriteAllBytesAsync(data.RawPath(1), new byte[data.Shards[1].RawBytes]);
        await using var cache = await data.OpenAsync();

        using var lease = await cache.LeaseAsync(1);

        data.AssertSamples(lease);
    }

    [Fact]
    public async Task Lease_ManyCallersAtATime_ShareOneDownload()
    {
        using var data = await CachedDataset.CreateAsync();
        var gate = new TaskCompletionSource();
        data.Remote.BeforeOpen = (_, _, _) => gate.Task;
        await using var cache = await data.OpenAsync();

        var calls = Enumerable.Range(0, 16).Select(_ => cache.LeaseAsync(2).AsTask()).ToList();
        gate.SetResult();
        var leases = await Task.WhenAll(calls);

        Assert.Equal(1, data.Remote.Opens);
        Assert.Single(leases.Select(static lease => lease.Reader).Distinct());
        Assert.Equal((1, 15), (cache.Statistics.Misses, cache.Statistics.Waits));
        foreach (var lease in leases)
        {
            data.AssertSamples(lease);
            lease.Dispose();
            lease.Dispose();
        }
    }

    [Fact]
    public async Task Lease_OneWaiterCancelled_OthersGetTheShard()
    {
        using var data = await CachedDataset.CreateAsync();
        var gate = new TaskCompletionSource();
        data.Remote.BeforeOpen = (_, _, _) => gate.Task;
        await using var cache = await data.OpenAsync();
        using var source = new CancellationTokenSource();

        var canceled = cache.LeaseAsync(0, source.Token).AsTask();
        var other = cache.LeaseAsync(0).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        gate.SetResult();

        using var lease = await other;
        data.AssertSamples(lease);
    }

    [Fact]
    public async Task Lease_AllWaitersCancelled_EndsTheDownloadAndTheNextCallStartsAnew()
    {
        using var data = await CachedDataset.CreateAsync();
        var isAsked = new TaskCompletionSource();
        var isEnded = new TaskCompletionSource();
        data.Remote.BeforeOpen = async (_, _, cancellationToken) =>
        {
            isAsked.TrySetResult();
            using var registration = cancellationToken.Register(() => isEnded.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        await using var cache = await data.OpenAsync();
        using var source = new CancellationTokenSource();

        var canceled = cache.LeaseAsync(0, source.Token).AsTask();
        await isAsked.Task;
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        await isEnded.Task;
        data.Remote.BeforeOpen = null;

        using var lease = await cache.LeaseAsync(0);
        data.AssertSamples(lease);
    }

    [Fact]
    public async Task Lease_DownloadThatFails_FailsEveryWaiterAndTheNextCallTriesAgain()
    {
        using var data = await CachedDataset.CreateAsync();
        var gate = new TaskCompletionSource();
        var failure = new StorageException(StorageErrorKind.PermissionDenied, "x", "No.");
        data.Remote.BeforeOpen = async (_, _, _) =>
        {
            await gate.Task;
            throw failure;
        };
        await using var cache = await data.OpenAsync();

        var calls = Enumerable.Range(0, 4).Select(_ => cache.LeaseAsync(0).AsTask()).ToList();
        gate.SetResult();
        foreach (var call in calls)
        {
            Assert.Same(failure, await Assert.ThrowsAsync<StorageException>(() => call));
        }

        Assert.Empty(data.LocalFiles);
        data.Remote.BeforeOpen = null;
        using var lease = await cache.LeaseAsync(0);
        data.AssertSamples(lease);
    }

    [Fact]
    public async Task Lease_MoreShardsThanMayBeOpen_ClosesTheOneIdleLongestAndNoLeasedOne()
    {
        using var data = await CachedDataset.CreateAsync(shards: 6);
        await using var cache = await data.OpenAsync(new ShardCacheOptions { OpenShardLimit = 2 });
        using var held = await cache.LeaseAsync(0);

        await LeaseAllAsync(data, cache);

        Assert.Equal(2, cache.Statistics.OpenShards);
        data.AssertSamples(held);
        using var again = await cache.LeaseAsync(0);
        Assert.Same(held.Reader, again.Reader);
    }

    [Fact]
    public async Task Lease_MoreLeasesThanMayBeOpen_AllStayOpen()
    {
        using var data = await CachedDataset.CreateAsync(shards: 5);
        await using var cache = await data.OpenAsync(new ShardCacheOptions { OpenShardLimit = 1 });
        var leases = new List<ShardLease>();
        for (var i = 0; i < data.Shards.Count; i++)
        {
            leases.Add(await cache.LeaseAsync(i));
        }

        Assert.Equal(leases.Count, cache.Statistics.OpenShards);
        Assert.All(leases, data.AssertSamples);
        leases.ForEach(static lease => lease.Dispose());
        Assert.Equal(1, cache.Statistics.OpenShards);
        Assert.Throws<ObjectDisposedException>(() => leases[0].Reader);
    }

    [Fact]
    public async Task Dispose_DownloadsUnderWay_EndAndLeasedShardsStayReadable()
    {
        using var data = await CachedDataset.CreateAsync();
        var cache = await data.OpenAsync();
        var lease = await cache.LeaseAsync(0);
        var isAsked = new TaskCompletionSource();
        data.Remote.BeforeRead = async (_, _, cancellationToken) =>
        {
            isAsked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var waiting = cache.LeaseAsync(1).AsTask();
        await isAsked.Task;

        await cache.DisposeAsync();
        await cache.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await cache.LeaseAsync(0));
        Assert.Equal([data.Shards[0].Files[0].Raw.Basename], data.LocalFiles);
        data.AssertSamples(lease);
        lease.Dispose();
        Assert.Equal(0, cache.Statistics.OpenShards);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public async Task Lease_NoSuchShard_IsArgumentError(int shard)
    {
        using var data = await CachedDataset.CreateAsync();
        await using var cache = await data.OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await cache.LeaseAsync(shard));
    }

    private static async Task LeaseAllAsync(CachedDataset data, ShardCache cache)
    {
        for (var i = 0; i < data.Shards.Count; i++)
        {
            using var lease = await cache.LeaseAsync(i);
            Assert.Equal(i, lease.Shard);
            data.AssertSamples(lease);
        }
    }
}
