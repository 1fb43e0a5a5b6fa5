// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Caching;

/// <summary>Shards that come in several parts at a time, in any weather.</summary>
public sealed class PartedDownloadTests
{
    private readonly PassingTimeProvider _time = new() { PassAtOnce = TimeSpan.FromSeconds(45) };

    [Theory]
    [InlineData(null, false)]
    [InlineData("zstd", false)]
    [InlineData("gz", true)]
    public async Task Lease_LargeShard_ComesInParts(string? compression, bool keepZip)
    {
        await using var data = await LargeShards.CreateAsync(20, compression, "xxh64");
        await using var cache = await OpenAsync(data, new ShardCacheOptions { ValidateHash = "xxh64", KeepZip = keepZip });

        for (var shard = 0; shard < data.Shards.Count; shard++)
        {
            using var lease = await cache.LeaseAsync(shard);
            data.AssertSamples(lease.Reader, shard);
        }

        var statistics = cache.Statistics;
        Assert.Equal(data.Shards.Sum(static shard => shard.StoredBytes), statistics.DownloadedBytes);
        Assert.Equal(
            data.Shards.Sum(static shard => (shard.StoredBytes + ObjectDownloader.PartSize - 1) / ObjectDownloader.PartSize),
            statistics.DownloadRequests);
        Assert.True(statistics.DownloadRequests > data.Shards.Count);
        var files = data.Shards.SelectMany(static shard => shard.Files)
            .SelectMany(file => keepZip ? [file.Raw.Basename, file.Zip!.Basename] : (string[])[file.Raw.Basename]);
        Assert.Equal(files.Order(StringComparer.Ordinal), data.LocalFiles);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zstd")]
    public async Task Lease_WrongByteInALaterPart_IsFetchedAgain(string? compression)
    {
        await using var data = await LargeShards.CreateAsync(10, compression, "sha1");
        var name = data.Shards[0].Files[0].Stored.Basename;
        data.Server.Script(name, new HttpFault.None(), new HttpFault.FlipByte(100));
        await using var cache = await OpenAsync(data, new ShardCacheOptions { ValidateHash = "sha1" });

        using var lease = await cache.LeaseAsync(0);

        data.AssertSamples(lease.Reader, 0);
        Assert.Equal(1, cache.Statistics.RejectedDownloads);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("zstd")]
    public async Task Lease_WrongByteAtTheEndEveryTime_IsIntegrityErrorAndLeavesNothing(string? compression)
    {
        await using var data = await LargeShards.CreateAsync(10, compression, "sha1");
        var file = data.Shards[0].Files[0].Stored;
        var offset = (int)(file.Bytes % ObjectDownloader.PartSize) - 1;
        data.Server.Script(file.Basename, [.. Enumerable.Repeat(new HttpFault.FlipByte(offset), 100)]);
        await using var cache = await OpenAsync(data, new ShardCacheOptions { ValidateHash = "sha1" });

        var error = await Assert.ThrowsAsync<ShardIntegrityException>(async () => await cache.LeaseAsync(0));

        Assert.Equal("sha1", error.Check);
        Assert.Empty(data.LocalFiles);
        Assert.Equal(2, cache.Statistics.RejectedDownloads);
    }

    [Fact]
    public async Task Lease_ObjectThatChangesOnce_IsReadAgainFromItsStart()
    {
        await using var data = await LargeShards.CreateAsync(10);
        var name = data.Shards[0].Files[0].Stored.Basename;
        var content = await data.ReadAsync(name);

        // The first object of a store is asked for its first part alone, so the second part always finds another version.
        var changes = 0;
        data.Server.BeforeAnswer = request =>
        {
            var isSecond = request.Range?.StartsWith($"bytes={ObjectDownloader.PartSize}-", StringComparison.Ordinal) == true;
            if (isSecond && Interlocked.Increment(ref changes) == 1)
            {
                data.Server.Put(name, content);
            }

            return Task.CompletedTask;
        };
        await using var cache = await OpenAsync(data, new ShardCacheOptions());

        using var lease = await cache.LeaseAsync(0);

        data.AssertSamples(lease.Reader, 0);
        Assert.Equal(1, cache.Statistics.RejectedDownloads);
    }

    [Fact]
    public async Task Lease_ObjectThatKeepsChanging_IsPreconditionFailed()
    {
        await using var data = await LargeShards.CreateAsync(10);
        var name = data.Shards[0].Files[0].Stored.Basename;

        // Whatever the order in which the parts of an attempt are answered, no two of them are of one version.
        data.Server.Script(name, [.. Enumerable.Repeat(new HttpFault.ChangeTag(), 100)]);
        await using var cache = await OpenAsync(data, new ShardCacheOptions());

        var error = await Assert.ThrowsAsync<StorageException>(async () => await cache.LeaseAsync(0));

        Assert.Equal(StorageErrorKind.PreconditionFailed, error.Kind);
        Assert.Empty(data.LocalFiles);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "zstd")]
    [InlineData(3, null)]
    [InlineData(4, "zstd")]
    public async Task Lease_RandomFaults_EndInTheRightBytes(int seed, string? compression)
    {
        await using var data = await LargeShards.CreateAsync(30, compression, "xxh64");
        var random = new Random(seed);
        foreach (var shard in data.Shards)
        {
            data.Server.Script(
                shard.Files[0].Stored.Basename, [.. Enumerable.Range(0, 8).Select(_ => NextFault(random))]);
        }

        // Attempts for all faults and more: whoever waits makes the clock race, and what is under way beside seems to stall.
        await using var cache = await OpenAsync(
            data, new ShardCacheOptions { ValidateHash = "xxh64", DownloadRetry = 40, DownloadTimeout = TimeSpan.FromDays(10) });
        await Parallel.ForAsync(0, data.Shards.Count * 2, async (i, cancellationToken) =>
        {
            using var lease = await cache.LeaseAsync(i % data.Shards.Count, cancellationToken);
            data.AssertSamples(lease.Reader, lease.Shard);
        });

        Assert.Equal(data.Shards.Select(static shard => shard.Files[0].Raw.Basename), data.LocalFiles);
        Assert.True(cache.Statistics.FailedAttempts > 0);
    }

    private static HttpFault NextFault(Random random) => random.Next(7) switch
    {
        0 => new HttpFault.Status(503),
        1 => new HttpFault.Status(429, RetryAfterSeconds: 3),
        2 => new HttpFault.BreakAfter(random.Next(ObjectDownloader.PartSize)),
        3 => new HttpFault.Reset(),
        4 => new HttpFault.FlipByte(random.Next(ObjectDownloader.PartSize / 2)),
        5 => new HttpFault.Status(500),
        _ => new HttpFault.None(),
    };

    private ValueTask<ShardCache> OpenAsync(LargeShards data, ShardCacheOptions options) => ShardCache.OpenAsync(
        data.Directory, data.Shards, new HttpObjectStore(data.Server.Address), options with { TimeProvider = _time });
}
