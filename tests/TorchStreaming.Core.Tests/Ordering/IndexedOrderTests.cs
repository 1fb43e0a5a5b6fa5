// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

public sealed class IndexedOrderTests
{
    [Fact]
    public void Epoch_TrillionSamples_StartsInTheMiddleAtOnceInLittleMemory()
    {
        // 1,000 shards of a billion samples: the order never counts through them.
        var order = new SampleOrder(Options([.. Enumerable.Repeat(1_000_000_000, 1000)]) with { ShuffleBlockSize = 4_000_000 });
        var start = order.GetStartOfEpoch(World.Single, 0) with { SampleInEpoch = 500_000_000_000 };
        var batch = new long[256];
        order.PlanEpoch(World.Single, start).OpenCursor().ReadBatch(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var cursor = order.PlanEpoch(World.Single, start).OpenCursor();
        Assert.Equal(256, cursor.ReadBatch(batch));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(256, batch.Distinct().Count());
        Assert.All(batch, id => Assert.InRange(id, 0, 999_999_999_999));
    }

    [Fact]
    public void Epoch_MoreShardsThanGroups_IsABijection()
    {
        ImmutableArray<int> sizes = [.. Enumerable.Range(0, 40_000).Select(static i => i % 7)];
        var order = new SampleOrder(Options(sizes) with { ShuffleBlockSize = 1000, NumCanonicalNodes = 3 });
        var ids = Epochs.ReadGlobalBatches(order, 1, 2, order.GetStartOfEpoch(new World(1, 2, 0), 0), 1)
            .SelectMany(static batch => batch).ToHashSet();
        Assert.Equal(order.Spanner.SampleCount, ids.Count);
    }

    [Fact]
    public void Epoch_AnyStretch_ComesFromFewShards()
    {
        var order = new SampleOrder(Options([.. Enumerable.Repeat(1000, 400)]) with { ShuffleBlockSize = 20_000, NumCanonicalNodes = 1 });
        var ids = Epochs.ReadBatches(order.PlanEpoch(World.Single, order.GetStartOfEpoch(World.Single, 0)))
            .SelectMany(static batch => batch).ToArray();
        // A window is 20 shards, and a stretch as long as a window meets at most two of them.
        foreach (var stretch in ids.Chunk(20_000))
        {
            Assert.InRange(stretch.Select(static id => id / 1000).Distinct().Count(), 1, 40);
        }

        Assert.All(
            Enumerable.Range(0, 400),
            shard => Assert.InRange(Array.FindLastIndex(ids, id => id / 1000 == shard) - Array.FindIndex(ids, id => id / 1000 == shard),
                1000, 20_000));
    }

    [Fact]
    public void Quality_OfOneWindow_IsThatOfAFullShuffle()
    {
        var options = Options([.. Enumerable.Repeat(1000, 200)]) with { NumCanonicalNodes = 1, ShuffleBlockSize = 200_000 };
        var indexed = OrderQuality.Measure(new SampleOrder(options));
        var naive = OrderQuality.Measure(new SampleOrder(options with { ShuffleAlgorithm = ShuffleAlgorithm.Naive }));
        Assert.InRange(indexed.Entropy / naive.Entropy, 0.999, 1.001);
        Assert.InRange(indexed.SameShardShare, naive.SameShardShare * 0.9, naive.SameShardShare * 1.1);
    }

    [Fact]
    public void Quality_OfWindows_IsNearThatOfPy1E()
    {
        var options = Options([.. Enumerable.Repeat(1000, 400)]) with { NumCanonicalNodes = 1, ShuffleBlockSize = 40_000 };
        var indexed = OrderQuality.Measure(new SampleOrder(options));
        var py1e = OrderQuality.Measure(new SampleOrder(options with { ShuffleAlgorithm = ShuffleAlgorithm.Py1E }));
        Assert.InRange(indexed.Entropy / py1e.Entropy, 0.97, 1.1);
        Assert.True(indexed.ShardsPerStretch <= py1e.ShardsPerStretch * 1.05);
    }

    // Our own order has no reference elsewhere: these digests of its ids are what makes it the same in every version. A version that changes
    // them breaks runs that continue from an older one.
    [Theory]
    [InlineData(40, 1, 1, 1, 1_000, "022cd4f2b63f7a4533d33270bcb9abd2")]
    [InlineData(40, 3, 1, 3, 5_000, "be84ef1644e812d05ec5ebbae473f36d")]
    [InlineData(97, 2, 2, 2, 3_000, "48bc0a92db20e2f63c04c7023cd2ed9b")]
    [InlineData(97, 6, 4, 2, 2_000, "9ee5f7ed65d59ab2318a9f54cb873c41")]
    [InlineData(300, 64, 8, 1, 1_500, "9cf64a5110dcf788e901b788c50497ec")]
    [InlineData(20_000, 2, 2, 1, 100_000, "8bebdfb118e223063f78b31e0c96e89e")]
    public void Epochs_OfAnyVersion_AreTheSame(int shards, int canonicalNodes, int ranks, int workers, int block, string digest)
    {
        var order = new SampleOrder(Options([.. Enumerable.Range(0, shards).Select(static i => 1 + (i * 7919 % 100))]) with
        {
            BatchSize = 16,
            NumCanonicalNodes = canonicalNodes,
            ShuffleBlockSize = block,
        });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var epoch = 0; epoch < 2; epoch++)
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                var world = new World(1, ranks, rank);
                foreach (var batch in Epochs.ReadBatches(order.PlanEpoch(world, order.GetStartOfEpoch(world, epoch), workers)))
                {
                    hash.AppendData(MemoryMarshal.AsBytes<long>(batch));
                }
            }
        }

        Assert.Equal(digest, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)));
    }

    private static OrderOptions Options(ImmutableArray<int> sizes) => new()
    {
        Streams = [new StreamShape { ShardSizes = sizes }],
        BatchSize = 256,
        Shuffle = true,
        ShuffleAlgorithm = ShuffleAlgorithm.Indexed,
    };
}
