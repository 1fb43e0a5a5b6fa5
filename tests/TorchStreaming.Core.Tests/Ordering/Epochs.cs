// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Ordering;

namespace TorchStreaming.Tests.Ordering;

/// <summary>Makes options and reads whole epochs for tests.</summary>
internal static class Epochs
{
    public static OrderOptions Options(int batchSize, params int[] shardSizes) => new()
    {
        Streams = [new StreamShape { ShardSizes = [.. shardSizes] }],
        BatchSize = batchSize,
        Shuffle = true,
    };

    public static List<long[]> ReadBatches(EpochOrder epoch)
    {
        var batches = new List<long[]>();
        var cursor = epoch.OpenCursor();
        var buffer = new long[epoch.GlobalBatchSize];
        for (var count = cursor.ReadBatch(buffer); count > 0; count = cursor.ReadBatch(buffer))
        {
            batches.Add(buffer[..count]);
        }

        Assert.Equal(epoch.BatchCount, batches.Count);
        Assert.Equal(epoch.SampleCount, batches.Sum(static batch => (long)batch.Length));
        return batches;
    }

    /// <summary>Reads all ranks and puts the k-th batches of all of them together, sorted.</summary>
    public static List<long[]> ReadGlobalBatches(SampleOrder order, int nodes, int ranksPerNode, LoaderState state, int workers)
    {
        var ranks = Enumerable.Range(0, nodes * ranksPerNode)
            .Select(rank => ReadBatches(order.PlanEpoch(new World(nodes, ranksPerNode, rank), state, workers)))
            .ToArray();
        return [.. Enumerable.Range(0, ranks.Max(static batches => batches.Count)).Select(
            k => ranks.Where(batches => k < batches.Count).SelectMany(batches => batches[k]).Order().ToArray())];
    }

    public static ImmutableArray<int> RandomSizes(Random random, int mostShards, int mostSamples) =>
        [.. Enumerable.Range(0, random.Next(1, mostShards + 1)).Select(_ => random.Next(random.Next(4) == 0 ? 0 : 1, mostSamples + 1)), 1];
}
