// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Ordering.Legacy;

[Trait("Category", GoldenData.Category)]
public sealed class LegacyPartitionGoldenTests
{
    [GoldenFact]
    public void Create_EveryRecordedWorld_GivesTheRecordedParts()
    {
        using var document = GoldenData.ReadJson("composer-legacy", "partition.json");
        var cases = 0;
        foreach (var recorded in document.RootElement.EnumerateArray())
        {
            var spanner = new Spanner([new StreamShape
            {
                ShardSizes = [.. recorded.GetProperty("samples_per_shard").EnumerateArray().Select(static size => size.GetInt32())],
            }]);
            var (nodes, devices) = (recorded.GetProperty("nodes").GetInt32(), recorded.GetProperty("devices_per_node").GetInt32());
            var workers = recorded.GetProperty("workers_per_device").GetInt32();
            int? batchSize = recorded.GetProperty("batch_size") is { ValueKind: JsonValueKind.Number } size ? size.GetInt32() : null;
            foreach (var part in recorded.GetProperty("partitions").EnumerateArray())
            {
                var rank = (part.GetProperty("node").GetInt32() * devices) + part.GetProperty("device").GetInt32();
                var world = new World(nodes, devices, rank);

                var actual = LegacyPartition.Create(spanner, world, part.GetProperty("worker").GetInt32(), workers, batchSize);

                Assert.Equal(Describe(part), Describe(actual));
                Assert.Equal(
                    recorded.GetProperty("len_per_device").GetInt64(),
                    new LegacyOrder(spanner, world, shuffle: false, batchSize).SamplesPerDevice);
            }

            cases++;
        }

        GoldenData.AssertCount(66, cases);
    }

    // Where Composer fails, and its epoch then hangs, the part is empty.
    private static string Describe(JsonElement part) => part.TryGetProperty("error", out _)
        ? "shards  download  no samples"
        : $"shards {Numbers(part, "shards")} download {Numbers(part, "download")} "
            + DescribeRange(part.GetProperty("min_id").GetInt64(), part.GetProperty("max_id").GetInt64());

    private static string Describe(LegacyPartition part) =>
        $"shards {Numbers(part.FirstShard, part.ShardCount)} download {Numbers(part.FirstShard, part.DownloadedShardCount)} "
        + DescribeRange(part.FirstSample, part.FirstSample + part.SampleCount - 1);

    private static string DescribeRange(long first, long last) => first > last ? "no samples" : $"samples {first} to {last}";

    private static string Numbers(JsonElement part, string name) =>
        string.Join(',', part.GetProperty(name).EnumerateArray().Select(static number => number.GetInt32()));

    private static string Numbers(int first, int count) => string.Join(',', Enumerable.Range(first, count));
}
