// SPDX-License-Identifier: MIT

using System.Diagnostics.Metrics;
using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Tests.Caching;

/// <summary>What a limit makes of a cache: which shards go, which stay, and what is refused.</summary>
public sealed class CacheLimitTests
{
    [Fact]
    public async Task Lease_MoreShardsThanRoom_EvictsTheLeastRecentlyUsed()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        foreach (var shard in (int[])[0, 1, 2, 3, 0, 4, 5])
        {
            await UseAsync(data, cache, shard);
            Assert.InRange(data.LocalBytes, 1, RoomFor(data, 4).CacheLimit!.Value.Bytes);
        }

        Assert.Equal(Names(data, 0, 3, 4, 5), data.LocalFiles);
        Assert.Equal(2, cache.Statistics.Evictions);
        Assert.Equal(data.LocalBytes, cache.Statistics.ResidentBytes);
    }

    [Fact]
    public async Task Lease_EvictedShard_IsFetchedAgain()
    {
        using var data = await CachedDataset.CreateAsync(shards: 6);
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        for (var i = 0; i < 12; i++)
        {
            await UseAsync(data, cache, i % 6);
        }

        Assert.Equal(12, cache.Statistics.Misses);
        Assert.Equal(8, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task Lease_EverythingElseLeased_ExceedsTheLimitUntilLeasesEnd()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        var leases = new List<ShardLease>();
        for (var i = 0; i < 6; i++)
        {
            leases.Add(await cache.LeaseAsync(i));
        }

        Assert.Equal(Names(data, 0, 1, 2, 3, 4, 5), data.LocalFiles);
        leases.ForEach(data.AssertSamples);
        leases.ForEach(static lease => lease.Dispose());
        while (cache.Statistics.Evictions < 2)
        {
            await Task.Yield();
        }

        await UseAsync(data, cache, 6);
        Assert.Equal(4, data.LocalFiles.Count());
        Assert.Equal(3, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task Lease_LeasedByAnotherCacheOfTheDirectory_Stays()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using var unlimited = await data.OpenAsync();
        await using var other = await data.OpenAsync(RoomFor(data, 4));
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        using var first = await unlimited.LeaseAsync(0);
        using var second = await other.LeaseAsync(1);
        for (var i = 2; i < 8; i++)
        {
            await UseAsync(data, cache, i);
        }

        Assert.Equal(Names(data, 0, 1, 6, 7), data.LocalFiles);
        data.AssertSamples(first);
        data.AssertSamples(second);
    }

    [Fact]
    public async Task Lease_LeasedByAnotherProcess_StaysUntilThatIsKilled()
    {
        if (!FlockProcess.IsAvailable)
        {
            return;
        }

        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        await UseAsync(data, cache, 0);
        using (var holder = await FlockProcess.StartAsync(Hidden(data, 0, "lease"), isShared: true))
        {
            for (var i = 1; i < 6; i++)
            {
                await UseAsync(data, cache, i);
            }

            Assert.Equal(Names(data, 0, 3, 4, 5), data.LocalFiles);
            await holder.KillAsync();
        }

        await UseAsync(data, cache, 6);
        Assert.Equal(Names(data, 3, 4, 5, 6), data.LocalFiles);
    }

    [Fact]
    public async Task Lease_LocalData_IsNeverEvictedAndNeedsNoRoom()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await data.CopyToLocalAsync();
        await using var cache = await data.OpenAsync(remote: null, new ShardCacheOptions { CacheLimit = 1L });
        for (var i = 0; i < 8; i++)
        {
            await UseAsync(data, cache, i);
        }

        Assert.Equal(9, data.LocalFiles.Count());
        Assert.Equal(0, cache.Statistics.Evictions);
    }

    [Fact]
    public async Task Open_LimitBelowFourShards_SaysTheNumbers()
    {
        using var data = await CachedDataset.CreateAsync(shards: 3, "zstd");
        var largest = data.Shards.Max(static shard => shard.RawBytes + shard.StoredBytes);

        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await data.OpenAsync(new ShardCacheOptions { CacheLimit = (4 * largest) - 1 }));

        Assert.Contains("CacheLimit", error.Message, StringComparison.Ordinal);
        Assert.Contains(largest.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        await (await data.OpenAsync(new ShardCacheOptions { CacheLimit = 4 * largest })).DisposeAsync();
    }

    [Fact]
    public async Task Open_MoreThanTheLimitLeftByAnotherRun_EvictsAtOnce()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using (var before = await data.OpenAsync())
        {
            for (var i = 7; i >= 0; i--)
            {
                await UseAsync(data, before, i);
            }
        }

        await using var cache = await data.OpenAsync(RoomFor(data, 4));

        Assert.Equal(Names(data, 0, 1, 2, 3), data.LocalFiles);
        Assert.Equal(data.LocalBytes, cache.Statistics.ResidentBytes);
    }

    [Fact]
    public async Task Lease_ShardOnItsWayInAnotherProcess_CountsInFullUntilThatIsKilled()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        await UseAsync(data, cache, 0);
        var held = FileLock.TryAcquire(Hidden(data, 7, "lock"));
        await File.WriteAllBytesAsync(Hidden(data, 7, "room"), []);

        // What a process told the others when it took its room.
        using (var budget = FileLock.TryAcquire(data.LocalPath(".torchstreaming/limit"))!)
        {
            budget.WriteNumber(budget.ReadNumber() + 1);
        }

        for (var i = 1; i < 4; i++)
        {
            await UseAsync(data, cache, i);
        }

        Assert.Equal(Names(data, 1, 2, 3), data.LocalFiles);
        held!.Dispose();
        await UseAsync(data, cache, 4);
        Assert.Equal(Names(data, 1, 2, 3, 4), data.LocalFiles);
        Assert.False(File.Exists(Hidden(data, 7, "room")));
    }

    [Fact]
    public async Task Lease_KeptZips_CountAndGoWithTheirShards()
    {
        using var data = await CachedDataset.CreateAsync(shards: 6, "zstd");
        await using var cache = await data.OpenAsync(RoomFor(data, 4) with { KeepZip = true });
        for (var i = 0; i < 6; i++)
        {
            await UseAsync(data, cache, i);
        }

        Assert.Equal(Names(data, 2, 3, 4, 5).SelectMany(static name => (string[])[name, $"{name}.zstd"]), data.LocalFiles);
    }

    [Fact]
    public async Task Lease_FailedDownload_GivesItsRoomBack()
    {
        using var data = await CachedDataset.CreateAsync(shards: 6);
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        await UseAsync(data, cache, 0);
        await data.Objects.DeleteAsync("shard.00001.mds");

        await Assert.ThrowsAsync<StorageException>(async () => await cache.LeaseAsync(1));
        for (var i = 2; i < 5; i++)
        {
            await UseAsync(data, cache, i);
        }

        Assert.False(File.Exists(Hidden(data, 1, "room")));
        Assert.Equal(Names(data, 0, 2, 3, 4), data.LocalFiles);
    }

    [Fact]
    public async Task Lease_FutureKnown_EvictsWhatIsNeededFurthestAhead()
    {
        using var data = await CachedDataset.CreateAsync(shards: 8);
        var options = RoomFor(data, 4) with { TimeProvider = data.Time };
        var budget = new CacheBudget(options.CacheLimit!.Value, options);
        await using var cache = await ShardCache.OpenAsync(
            data.Directory, data.Shards, data.Remote, options, new CacheShare(budget, FirstShard: 100), CancellationToken.None);
        for (var i = 0; i < 4; i++)
        {
            await UseAsync(data, cache, i);
        }

        // Of 0 to 3 the last is unknown; 0 is in use next and 2 furthest ahead.
        budget.AddForecast(new Forecast(new() { [100] = 0, [101] = 5, [102] = 9, [104] = 20, [105] = 30 }));
        await UseAsync(data, cache, 4);
        Assert.Equal(Names(data, 0, 1, 2, 4), data.LocalFiles);
        await UseAsync(data, cache, 5);
        Assert.Equal(Names(data, 0, 1, 2, 5), data.LocalFiles);

        budget.AddForecast(new Forecast(new() { [101] = 0, [102] = 0, [105] = 0 }));
        await UseAsync(data, cache, 6);
        Assert.Equal(Names(data, 0, 1, 2, 5, 6), data.LocalFiles);
    }

    [Fact]
    public async Task Lease_TwoCachesAtOnce_HoldTheLimitButForWhatIsLeased()
    {
        using var data = await CachedDataset.CreateAsync(shards: 12);
        var options = RoomFor(data, 4) with { DownloadTimeout = CachedDataset.Patient.DownloadTimeout };
        await using var first = await data.OpenAsync(options);
        await using var second = await data.OpenAsync(options);
        var random = new Random(7);
        var shards = Enumerable.Range(0, 200).Select(_ => random.Next(12)).ToArray();
        var most = 0L;

        // Four leases at a time at most, so that more than four shards too many would be a breach.
        await Parallel.ForAsync(0, shards.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellationToken) =>
        {
            using var lease = await (i % 2 == 0 ? first : second).LeaseAsync(shards[i], cancellationToken);
            data.AssertSamples(lease);
            InterlockedMax(ref most, data.LocalBytes);
        });

        var largest = data.Shards.Max(static shard => shard.RawBytes);
        Assert.InRange(most, 1, options.CacheLimit!.Value.Bytes + (4 * largest));

        // The next shard that is missing makes both caches' excess go; one that is there need not.
        for (var shard = 0; shard < 12; shard++)
        {
            await UseAsync(data, first, shard);
        }

        Assert.InRange(data.LocalBytes, 1, options.CacheLimit!.Value.Bytes);
    }

    [Fact]
    public async Task Evictions_AreInTheMeter()
    {
        using var data = await CachedDataset.CreateAsync(shards: 6);
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, Telemetry.Meter) && instrument.Name == "torchstreaming.cache.evictions")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();
        await using var cache = await data.OpenAsync(RoomFor(data, 4));
        for (var i = 0; i < 6; i++)
        {
            await UseAsync(data, cache, i);
        }

        // Other tests may evict meanwhile.
        Assert.InRange(Interlocked.Read(ref counted), 2, long.MaxValue);
    }

    private static ShardCacheOptions RoomFor(CachedDataset data, int shards) => new()
    {
        CacheLimit = shards * data.Shards.Max(static shard => shard.RawBytes + (shard.Compression is null ? 0 : shard.StoredBytes)),
    };

    private static async Task UseAsync(CachedDataset data, ShardCache cache, int shard)
    {
        using (var lease = await cache.LeaseAsync(shard))
        {
            data.AssertSamples(lease);
        }

        data.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private static IEnumerable<string> Names(CachedDataset data, params int[] shards) =>
        shards.Select(shard => data.Shards[shard].Files[0].Raw.Basename);

    private static string Hidden(CachedDataset data, int shard, string kind) =>
        data.LocalPath($".torchstreaming/{data.Shards[shard].Files[0].Raw.Basename}.{kind}");

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            var found = Interlocked.CompareExchange(ref target, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private sealed class Forecast(Dictionary<int, long> next) : IShardForecast
    {
        public long GetNextUse(int shard) => next.GetValueOrDefault(shard, long.MaxValue);
    }
}
