// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class MiscGoldenTests(ITestOutputHelper output)
{
    [GoldenFact]
    public void Misc_EveryCase_MatchesUpstream() =>
        GoldenCases.Check(output, "misc.jsonl", GoldenData.ReadJsonLines("streaming", "orders", "misc.jsonl"), static item =>
        {
            switch (item.GetProperty("fn").GetString())
            {
                case "Spanner":
                    CheckSpanner(item);
                    break;
                case "World":
                case "World.replicate":
                    CheckWorld(item);
                    break;
                case "bytes_to_int":
                    CheckNumber(
                        item,
                        static text => NumberAbbreviation.TryParseBytes(text, out var bytes) ? (Int128)bytes : throw new FormatException(text));
                    break;
                case "number_abbrev_to_int":
                    CheckNumber(item, static text => SampleCount.Parse(text).Samples);
                    break;
                case { } other:
                    throw new NotSupportedException($"The golden function {other} has no counterpart.");
            }
        });

    private static void CheckSpanner(JsonElement item)
    {
        var spanner = new Spanner([new StreamShape { ShardSizes = [.. GoldenCases.ShardSizes(item.GetProperty("in"))] }]);
        var shards = GoldenCases.Longs(item.GetProperty("shard_of_sample"));
        var indexes = GoldenCases.Longs(item.GetProperty("index_in_shard"));
        Assert.Equal(shards.Length, spanner.SampleCount);
        for (var sample = 0; sample < shards.Length; sample++)
        {
            Assert.Equal(new ShardPosition((int)shards[sample], (int)indexes[sample]), spanner.Find(sample));
        }

        foreach (var error in item.GetProperty("index_errors").EnumerateArray())
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => spanner.Find(error.GetProperty("index").GetInt64()));
        }
    }

    private static void CheckWorld(JsonElement item)
    {
        var input = item.GetProperty("in");
        var workers = input.GetProperty("workers_per_rank").GetInt32();
        var worker = input.GetProperty("worker").GetInt32();
        var world = new World(input.GetProperty("num_nodes").GetInt32(), input.GetProperty("ranks_per_node").GetInt32(), worker / workers);
        var replication = GoldenCases.OptionalInt(input, "replication");
        if (item.TryGetProperty("error", out _))
        {
            GoldenCases.CheckError(item, () => world.Replicate(replication!.Value));
            return;
        }

        var actual = replication is { } ranks ? world.Replicate(ranks) : world;
        var expected = item.GetProperty("out");
        Assert.Equal(expected.GetProperty("node").GetInt32(), actual.Node);
        Assert.Equal(expected.GetProperty("num_nodes").GetInt32(), actual.NodeCount);
        Assert.Equal(expected.GetProperty("is_multinode").GetBoolean(), actual.NodeCount > 1);
        Assert.Equal(expected.GetProperty("rank").GetInt32(), actual.Rank);
        Assert.Equal(expected.GetProperty("num_ranks").GetInt32(), actual.RankCount);
        Assert.Equal(expected.GetProperty("rank_of_node").GetInt32(), actual.RankOfNode);
        Assert.Equal(expected.GetProperty("ranks_per_node").GetInt32(), actual.RanksPerNode);
        // Workers have no identity here; upstream's numbers follow from the rank's.
        Assert.Equal(expected.GetProperty("worker").GetInt32(), (actual.Rank * workers) + (worker % workers));
        Assert.Equal(expected.GetProperty("num_workers").GetInt32(), actual.RankCount * workers);
        Assert.Equal(expected.GetProperty("worker_of_node").GetInt32(), (actual.RankOfNode * workers) + (worker % workers));
        Assert.Equal(expected.GetProperty("workers_per_node").GetInt32(), actual.RanksPerNode * workers);
        Assert.Equal(expected.GetProperty("is_leader").GetBoolean(), actual.IsLeader && worker % workers == 0);
        Assert.Equal(expected.GetProperty("is_local_leader").GetBoolean(), actual.IsLocalLeader && worker % workers == 0);
    }

    private static void CheckNumber(JsonElement item, Func<string, Int128> parse)
    {
        var value = item.GetProperty("in").GetProperty("value");
        if (value.ValueKind != JsonValueKind.String)
        {
            // Numbers need no parsing here.
            return;
        }

        if (item.TryGetProperty("error", out _))
        {
            Assert.Throws<FormatException>(() => parse(value.GetString()!));
            return;
        }

        Int128 result;
        try
        {
            result = parse(value.GetString()!);
        }
        catch (OverflowException)
        {
            // Python has no largest integer; counts here are longs.
            Assert.True(Int128.Parse(item.GetProperty("out").ToString(), CultureInfo.InvariantCulture) > long.MaxValue);
            return;
        }

        Assert.Equal(item.GetProperty("out").ToString(), result.ToString(CultureInfo.InvariantCulture));
    }
}
