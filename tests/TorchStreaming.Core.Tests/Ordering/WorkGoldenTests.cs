// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class WorkGoldenTests(ITestOutputHelper output)
{
    [GoldenTheory]
    [InlineData("work.jsonl")]
    [InlineData("digests-work.jsonl")]
    public void PlanEpoch_EveryCase_MatchesUpstream(string file) =>
        GoldenCases.Check(output, file, GoldenData.ReadJsonLines("streaming", "orders", file), CheckCase);

    private static void CheckCase(JsonElement item)
    {
        var input = item.GetProperty("in");
        var order = new SampleOrder(OrderJson.ReadOptions(input.GetProperty("streams"), input.GetProperty("dataset")));
        var world = input.GetProperty("world");
        var nodes = world.GetProperty("num_nodes").GetInt32();
        var ranksPerNode = world.GetProperty("ranks_per_node").GetInt32();
        var workers = world.GetProperty("workers_per_rank").GetInt32();
        var start = order.GetStartOfEpoch(new World(nodes, ranksPerNode, 0), input.GetProperty("epoch").GetInt64()) with
        {
            SampleInEpoch = input.GetProperty("sample_in_epoch").GetInt64(),
            InitialPhysicalNodes = GoldenCases.OptionalInt(input, "initial_physical_nodes"),

            // Upstream's states have no fingerprint, and only such states are bound by its limit near the end of an epoch.
            Fingerprint = null,
        };
        CheckDerived(item.GetProperty("derived"), order, start);
        CheckResample(item, order, start);
        if (item.TryGetProperty("error", out _))
        {
            GoldenCases.CheckError(item, () => order.PlanEpoch(new World(nodes, ranksPerNode, 0), start, workers));
            return;
        }

        var shape = GoldenCases.Longs(item.GetProperty("shape"));
        var ranks = new long[nodes * ranksPerNode][];
        for (var rank = 0; rank < ranks.Length; rank++)
        {
            ranks[rank] = ReadSlots(order.PlanEpoch(new World(nodes, ranksPerNode, rank), start, workers), shape);
        }

        GoldenCases.CheckIds(item, TensorLayout.Fill(shape, (node, rank, slot) => ranks[(node * ranksPerNode) + rank][slot]));
    }

    private static long[] ReadSlots(EpochOrder epoch, long[] shape)
    {
        var batchSize = (int)shape[4];
        var slots = new long[shape[2] * shape[3] * batchSize];
        Array.Fill(slots, -1);
        var cursor = epoch.OpenCursor();
        var batch = new long[batchSize];
        long batches = 0;
        long samples = 0;
        for (var count = cursor.ReadBatch(batch); count > 0; count = cursor.ReadBatch(batch))
        {
            batch.AsSpan(0, count).CopyTo(slots.AsSpan((int)(batches * batchSize)));
            batches++;
            samples += count;
        }

        Assert.Equal(epoch.BatchCount, batches);
        Assert.Equal(epoch.SampleCount, samples);
        return slots;
    }

    private static void CheckDerived(JsonElement derived, SampleOrder order, LoaderState start)
    {
        Assert.Equal(GoldenCases.Longs(derived.GetProperty("choose")), order.Weights.Choose);
        Assert.Equal(derived.GetProperty("epoch_size").GetInt64(), order.EpochSize);
        Assert.Equal(derived.GetProperty("num_canonical_nodes").GetInt32(), start.NumCanonicalNodes);
        Assert.Equal(derived.GetProperty("shuffle_block_size").GetInt64(), order.GetShuffleBlockSize(start.NumCanonicalNodes));
        var proportions = derived.GetProperty("proportion_bits").EnumerateArray().Select(static bits => bits.GetString()!);
        Assert.Equal(
            proportions,
            order.Weights.Proportion.Select(static value => BitConverter.DoubleToUInt64Bits(value)
                .ToString("x16", CultureInfo.InvariantCulture)));
        Assert.Equal(derived.GetProperty("repeat").EnumerateArray().Select(static value => value.GetDouble()), order.Weights.Repeat);
    }

    private static void CheckResample(JsonElement item, SampleOrder order, LoaderState start)
    {
        var request = new OrderRequest(order.Options, order.Spanner, order.Weights, World.Single, 1, start, 1);
        foreach (var expected in item.GetProperty("resample").EnumerateArray())
        {
            if (!expected.TryGetProperty("num_big", out var count))
            {
                continue;
            }

            var units = SampleUnits.Draw(request, GoldenCases.OptionalInt(expected, "stream_id"));
            var lengths = Enumerable.Range(0, units.Count).Select(unit => (long)units.GetLength(unit)).ToArray();
            var samples = new long[units.SampleCount];
            for (var unit = 0; unit < units.Count; unit++)
            {
                units.Read(units.GetStart(unit), unit, samples.AsSpan((int)units.GetStart(unit), units.GetLength(unit)));
            }

            Assert.Equal(count.GetInt64(), samples.Length);
            Assert.Equal(expected.GetProperty("num_shuffle_units").GetInt32(), lengths.Length);
            Assert.Equal(expected.GetProperty("shuffle_units_sha256").GetString(), GoldenCases.Digest(lengths));
            Assert.Equal(expected.GetProperty("small_per_big_sha256").GetString(), GoldenCases.Digest(samples));
        }
    }
}
