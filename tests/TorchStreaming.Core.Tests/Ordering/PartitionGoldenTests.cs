// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class PartitionGoldenTests(ITestOutputHelper output)
{
    [GoldenFact]
    public void Partition_EveryCase_MatchesUpstream() =>
        GoldenCases.Check(output, "partition.jsonl", GoldenData.ReadJsonLines("streaming", "orders", "partition.jsonl"), CheckCase);

    [GoldenFact]
    public void Partition_LargeCases_MatchUpstream() => GoldenCases.Check(
        output,
        "digests.jsonl (partition)",
        GoldenData.ReadJsonLines("streaming", "orders", "digests.jsonl")
            .Where(static item => item.GetProperty("fn").GetString() == "get_partitions"),
        CheckCase);

    private static void CheckCase(JsonElement item)
    {
        if (item.TryGetProperty("error", out _))
        {
            GoldenCases.CheckError(item, () => Compute(item.GetProperty("in"), out _));
            return;
        }

        var ids = Compute(item.GetProperty("in"), out var shape);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("shape")), shape);
        GoldenCases.CheckIds(item, ids);
    }

    private static long[] Compute(JsonElement input, out long[] shape)
    {
        var partitionShape = new PartitionShape(
            input.GetProperty("num_samples").GetInt64(),
            input.GetProperty("num_canonical_nodes").GetInt32(),
            input.GetProperty("num_physical_nodes").GetInt32(),
            input.GetProperty("ranks_per_node").GetInt32(),
            input.GetProperty("workers_per_rank").GetInt32(),
            input.GetProperty("batch_size").GetInt32());
        var partition = Partition.Create(
            OrderNames.Parse<PartitionAlgorithm>(input.GetProperty("algo").GetString()!),
            partitionShape,
            input.GetProperty("drop_first").GetInt64(),
            GoldenCases.OptionalInt(input, "initial_physical_nodes"));
        shape = [
            partitionShape.PhysicalNodes, partitionShape.RanksPerNode, partitionShape.WorkersPerRank, partition.BatchesPerWorker,
            partitionShape.BatchSize];
        return TensorLayout.Fill(shape, partition.PositionAt);
    }
}
