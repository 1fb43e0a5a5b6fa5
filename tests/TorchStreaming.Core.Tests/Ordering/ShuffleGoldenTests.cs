// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class ShuffleGoldenTests(ITestOutputHelper output)
{
    [GoldenTheory]
    [InlineData("shuffle.jsonl")]
    [InlineData("shuffle-py1b.jsonl")]
    [InlineData("digests.jsonl")]
    [InlineData("digests-py1b.jsonl")]
    public void Shuffle_EveryCase_MatchesUpstream(string file) => GoldenCases.Check(
        output,
        file,
        GoldenData.ReadJsonLines("streaming", "orders", file).Where(static item => item.GetProperty("fn").GetString() == "get_shuffle"),
        static item => CheckCase(item, 0));

    [GoldenTheory]
    [InlineData("shuffle.jsonl")]
    [InlineData("shuffle-py1b.jsonl")]
    public void Shuffle_EveryCaseReadFromTheMiddle_MatchesUpstream(string file) => GoldenCases.Check(
        output,
        file,
        GoldenData.ReadJsonLines("streaming", "orders", file).Where(static item => !item.TryGetProperty("error", out _)),
        static item =>
        {
            for (var tenths = 1; tenths <= 9; tenths += 2)
            {
                CheckCase(item, tenths);
            }
        });

    private static void CheckCase(JsonElement item, int tenths)
    {
        if (item.TryGetProperty("error", out _))
        {
            GoldenCases.CheckError(item, () => Compute(item.GetProperty("in"), tenths, out _));
            return;
        }

        var ids = Compute(item.GetProperty("in"), tenths, out var isRead);
        if (tenths == 0)
        {
            GoldenCases.CheckIds(item, ids);
            return;
        }

        var expected = GoldenCases.Longs(item.GetProperty("ids"));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(!isRead[i] || expected[i] == ids[i], $"Position {i} is {ids[i]} but should be {expected[i]} when read from "
                + $"{tenths}/10.");
        }
    }

    private static long[] Compute(JsonElement input, int tenths, out bool[] isRead)
    {
        var sizes = GoldenCases.ShardSizes(input);
        var units = SampleUnits.FromShards(sizes);
        var seed = GoldenCases.Seed(input.GetProperty("seed"));
        var nodes = input.GetProperty("num_canonical_nodes").GetInt32();
        var firstColumn = units.SampleCount / nodes * tenths / 10;
        var settings = new ShuffleSettings(
            OrderNames.Parse<ShuffleAlgorithm>(input.GetProperty("algo").GetString()!),
            nodes,
            seed,
            seed + input.GetProperty("epoch").GetUInt64(),
            input.GetProperty("block_size").GetInt64(),
            new ReadWindow(firstColumn, 3));
        var reader = ShuffledOrder.Create(settings, units).OpenReader();
        var ids = new long[units.SampleCount];
        isRead = new bool[units.SampleCount];
        for (var node = 0; node < nodes; node++)
        {
            var end = PartitionShape.GetNodeStart(node + 1, ids.Length, nodes);
            for (var position = PartitionShape.GetNodeStart(node, ids.Length, nodes) + firstColumn; position < end; position++)
            {
                ids[position] = reader.Read(position);
                isRead[position] = true;
            }
        }

        return ids;
    }
}
