// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

public sealed class PrefetchTests
{
    [Fact]
    public void Shards_OfTheWindow_AreAskedForInOrderOfFirstUse()
    {
        var cache = new ScriptedShardCache(0, 4, 4, 4, 4);
        IEnumerable<long[]> Order(long epoch) => [[8, 9, 0, 10], [12, 1, 13, 2], [4, 5, 6, 7], [3, 11, 14, 15]];
        using var loader = new BatchLoader(new ScriptedLoaderSource(cache, 4, Order), new IdAndTextTransform());

        BatchLoaderTests.ReadIds(loader);

        Assert.Equal([2, 0, 3, 1], cache.Requests.Distinct());
    }

    [Fact]
    public void Window_IsBoundedByPredownload()
    {
        var cache = new ScriptedShardCache(0, [.. Enumerable.Repeat(4, 50)]);
        var source = new ScriptedLoaderSource(cache, 4, static _ => Enumerable.Range(0, 200).Select(static id => (long)id).Chunk(4))
        {
            Predownload = 40,
        };
        using var loader = new BatchLoader(source, new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 1, PrefetchFactor = 1 });
        using var batches = loader.GetEnumerator();

        batches.MoveNext();

        // The batch in hand and the ten of the window; never more than these.
        Assert.True(SpinWait.SpinUntil(() => cache.Requests.Count == 11, BatchLoaderTests.Patience));
        batches.MoveNext();
        Assert.True(SpinWait.SpinUntil(() => cache.Requests.Count == 12, BatchLoaderTests.Patience));
        Assert.True(cache.MostOpenLeases <= 12);
    }

    [Fact]
    public void Leases_EndWithTheLastSampleOfTheWindowThatNeedsThem()
    {
        var cache = new ScriptedShardCache(0, [.. Enumerable.Repeat(4, 50)]);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4),
            new IdAndTextTransform(),
            new BatchLoaderOptions { NumWorkers = 1, PrefetchFactor = 1 });

        foreach (var batch in loader)
        {
            Assert.True(cache.OpenLeases <= 9);
        }

        Assert.Equal(0, cache.OpenLeases);
        Assert.Equal(50, cache.Requests.Count);
    }

    [Fact]
    public void Requests_AreAtMostAsManyAsAllowedAtATime()
    {
        var cache = new ScriptedShardCache(0, [.. Enumerable.Repeat(1, 32)]);
        for (var shard = 0; shard < 32; shard++)
        {
            cache.Close(shard);
        }

        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4),
            new IdAndTextTransform(),
            new BatchLoaderOptions { NumWorkers = 1, ConcurrentShards = 3 });
        using var batches = loader.GetEnumerator();
        for (var shard = 0; shard < 32; shard++)
        {
            var reached = shard;
            Assert.True(SpinWait.SpinUntil(() => cache.Requests.Count >= Math.Min(32, reached + 3), BatchLoaderTests.Patience));
            cache.Open(shard);
        }

        while (batches.MoveNext())
        {
        }

        Assert.Equal(3, cache.MostPendingRequests);
    }
}
