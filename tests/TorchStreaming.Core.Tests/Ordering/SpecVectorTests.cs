// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class SpecVectorTests(ITestOutputHelper output) : IDisposable
{
    private readonly JsonDocument _golden = GoldenData.ReadJson("spec-vectors.json");

    [GoldenFact]
    public void Rng_EverySeed_Matches() => Check("rng", static item =>
    {
        var seed = GoldenCases.Seed(item.GetProperty("seed"));
        var bits = new Pcg64(seed);
        Assert.Equal(GoldenCases.Seed(item.GetProperty("state")), bits.State);
        Assert.Equal(GoldenCases.Seed(item.GetProperty("inc")), bits.Increment);
        Assert.All(item.GetProperty("raw_u64").EnumerateArray(), value => Assert.Equal(GoldenCases.Seed(value), bits.Next()));
        var generator = new NumpyGenerator(seed);
        Assert.All(item.GetProperty("u32").EnumerateArray(), value => Assert.Equal(value.GetUInt32(), generator.NextUInt32()));
        generator = new NumpyGenerator(seed);
        Assert.All(item.GetProperty("random_double").EnumerateArray(), value => Assert.Equal(HexDouble(value), generator.NextDouble()));
        generator = new NumpyGenerator(seed);
        var permutation = new long[12];
        generator.Permutation<long>(permutation);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("permutation_12")), permutation);
        generator = new NumpyGenerator(seed);
        var list = Enumerable.Range(0, 9).Select(static i => (long)i).ToArray();
        generator.Shuffle<long>(list);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("list_shuffle_9")), list);
        CheckIntegers(item, "integers_0_1000_x8", 1000);
        CheckIntegers(item, "integers_0_3e9_x4", 3_000_000_000);
        CheckIntegers(item, "integers_0_2pow40_x4", 1L << 40);
        CheckChoices(item, seed);
    });

    [GoldenFact]
    public void Shuffle_EveryCase_Matches() => Check("shuffle", static item =>
    {
        var units = SampleUnits.FromShards(ReadSizes(item.GetProperty("shard_sizes")));
        var seed = GoldenCases.Seed(item.GetProperty("seed"));
        var settings = new ShuffleSettings(
            OrderNames.Parse<ShuffleAlgorithm>(item.GetProperty("algo").GetString()!),
            item.GetProperty("num_canonical_nodes").GetInt32(),
            seed,
            seed + item.GetProperty("epoch").GetUInt64(),
            item.GetProperty("block_size").GetInt64(),
            new ReadWindow(0, 0));
        var reader = ShuffledOrder.Create(settings, units).OpenReader();
        var ids = Enumerable.Range(0, (int)units.SampleCount).Select(position => reader.Read(position)).ToArray();
        if (item.TryGetProperty("out", out var all))
        {
            Assert.Equal(GoldenCases.Longs(all), ids);
        }
        else
        {
            var bytes = new byte[ids.Length * sizeof(long)];
            for (var i = 0; i < ids.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), ids[i]);
            }

#pragma warning disable CA5350 // The recorded digest is a checksum, not a protection.
            Assert.Equal(item.GetProperty("sha1_le_int64").GetString(), Convert.ToHexStringLower(SHA1.HashData(bytes)));
#pragma warning restore CA5350
        }
    });

    [GoldenFact]
    public void Partition_EveryCase_Matches() => Check("partition", static item =>
    {
        var shape = new PartitionShape(
            item.GetProperty("num_samples").GetInt64(),
            item.GetProperty("ncn").GetInt32(),
            item.GetProperty("nodes").GetInt32(),
            item.GetProperty("ranks_per_node").GetInt32(),
            item.GetProperty("workers").GetInt32(),
            item.GetProperty("batch").GetInt32());
        Partition Create() => Partition.Create(
            OrderNames.Parse<PartitionAlgorithm>(item.GetProperty("algo").GetString()!),
            shape,
            item.GetProperty("drop_first").GetInt64(),
            GoldenCases.OptionalInt(item, "initial_nodes"));
        var expected = item.GetProperty("out");
        if (expected.ValueKind != JsonValueKind.Array)
        {
            Assert.True(Record.Exception(Create) is ArgumentException or ResumeException);
            return;
        }

        var partition = Create();
        var ids = TensorLayout.Fill(
            [shape.PhysicalNodes, shape.RanksPerNode, shape.WorkersPerRank, partition.BatchesPerWorker, shape.BatchSize],
            partition.PositionAt);
        Assert.Equal(Flatten(expected), ids);
    });

    [GoldenFact]
    public void Sampling_EveryCase_Matches() => Check("sampling", static item =>
    {
        var seed = GoldenCases.Seed(item.GetProperty("seed")) + (item.GetProperty("use_epoch").GetBoolean() ? item.GetProperty("epoch")
            .GetUInt64() : 0);
        var chosen = ShardSampling.Choose(
            GoldenCases.Ints(item.GetProperty("samples_per_shard")), item.GetProperty("choose").GetInt64(),
                item.GetProperty("granularity").GetInt32(), seed);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("out")), chosen);
    });

    [GoldenFact]
    public void Weights_EveryCase_Matches() => Check("weights", static item =>
    {
        var sizes = GoldenCases.Ints(item.GetProperty("samples_per_stream"));
        var weights = StreamWeights.Derive(new OrderOptions
        {
            Streams = ReadStreams(item.GetProperty("weights"), [.. sizes.Select(static size => ImmutableArray.Create(size))]),
            BatchSize = 1,
            EpochSize = GoldenCases.OptionalInt(item, "epoch_size"),
            ShuffleSeed = item.GetProperty("seed").GetUInt64(),
        });
        var expected = item.GetProperty("out");
        Assert.Equal(expected.GetProperty("epoch_size").GetInt64(), weights.EpochSize);
        Assert.Equal(GoldenCases.Longs(expected.GetProperty("choose")), weights.Choose);
        Assert.Equal(expected.GetProperty("proportion").EnumerateArray().Select(HexDouble), weights.Proportion);
        Assert.Equal(expected.GetProperty("repeat").EnumerateArray().Select(HexDouble), weights.Repeat);
    });

    [GoldenFact]
    public void Work_EveryCase_Matches() => Check("work", static item =>
    {
        var sizes = item.GetProperty("shards_per_stream").EnumerateArray()
            .Select(static shards => GoldenCases.Ints(shards).ToImmutableArray()).ToArray();
        var order = new SampleOrder(new OrderOptions
        {
            Streams = ReadStreams(item.GetProperty("weights"), sizes),
            BatchSize = item.GetProperty("B").GetInt32(),
            EpochSize = GoldenCases.OptionalInt(item, "epoch_size"),
            Shuffle = !item.TryGetProperty("shuffle", out var shuffle) || shuffle.GetBoolean(),
            ShuffleAlgorithm = OrderNames.Parse<ShuffleAlgorithm>(item.TryGetProperty("algo", out var algorithm) ? algorithm.GetString()!
                : "py1e"),
            SamplingMethod = OrderNames.Parse<SamplingMethod>(item.TryGetProperty("method", out var method) ? method.GetString()! : "balanced"),
            SamplingGranularity = GoldenCases.OptionalInt(item, "gran") ?? 1,
            ShuffleSeed = item.GetProperty("seed").GetUInt64(),
            ShuffleBlockSize = 64,
            NumCanonicalNodes = item.GetProperty("C").GetInt32(),
            BatchingMethod = OrderNames.Parse<BatchingMethod>(item.GetProperty("batching").GetString()!),
        });
        var (nodes, ranks, workers) = (item.GetProperty("P").GetInt32(), item.GetProperty("R").GetInt32(), item.GetProperty("W")
            .GetInt32());
        LoaderState Start(World world) => order.GetStartOfEpoch(world, item.GetProperty("epoch").GetInt64()) with
        {
            SampleInEpoch = GoldenCases.OptionalInt(item, "sie") ?? 0,
            InitialPhysicalNodes = null,
        };
        if (item.GetProperty("out").ValueKind != JsonValueKind.Array)
        {
            Assert.Throws<ArgumentException>(() => order.PlanEpoch(new World(nodes, ranks, 0), Start(new World(nodes, ranks, 0)), workers));
            return;
        }

        var expected = Flatten(item.GetProperty("out"));
        var perRank = expected.Length / (nodes * ranks);
        for (var rank = 0; rank < nodes * ranks; rank++)
        {
            var world = new World(nodes, ranks, rank);
            var cursor = order.PlanEpoch(world, Start(world), workers).OpenCursor();
            var batches = new List<long[]>();
            var batch = new long[order.Options.BatchSize];
            for (var count = cursor.ReadBatch(batch); count > 0; count = cursor.ReadBatch(batch))
            {
                batches.Add(batch[..count]);
            }

            var slots = expected.AsSpan(rank * perRank, perRank).ToArray().Chunk(batch.Length).ToArray();
            var batchesPerWorker = slots.Length / workers;
            var inLoaderOrder = Enumerable.Range(0, slots.Length)
                .Select(i => slots[((i % workers) * batchesPerWorker) + (i / workers)].Where(static id => id >= 0).ToArray())
                .Where(static ids => ids.Length > 0);
            Assert.Equal(inLoaderOrder, batches);
        }
    });

    public void Dispose() => _golden.Dispose();

    private static void CheckIntegers(JsonElement item, string key, long high)
    {
        var generator = new NumpyGenerator(GoldenCases.Seed(item.GetProperty("seed")));
        Assert.All(item.GetProperty(key).EnumerateArray(), value => Assert.Equal(value.GetInt64(), generator.Integer(0, high)));
    }

    private static void CheckChoices(JsonElement item, UInt128 seed)
    {
        var generator = new NumpyGenerator(seed);
        var chosen = new long[4];
        generator.Choice(10, chosen);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("choice_10_4_noreplace")), chosen);
        foreach (var count in new[] { 400, 401 })
        {
            generator = new NumpyGenerator(seed);
            chosen = new long[count];
            generator.Choice(20_000, chosen);
            var expected = item.GetProperty($"choice_20000_{count}_head_sum");
            Assert.Equal(GoldenCases.Longs(expected[0]), chosen[..6]);
            Assert.Equal(expected[1].GetInt64(), chosen.Sum());
        }

        generator = new NumpyGenerator(seed);
        var values = new double[3];
        generator.Uniform(-2.5, 7, values);
        Assert.Equal(item.GetProperty("uniform_-2.5_7_x3").EnumerateArray().Select(HexDouble), values);
    }

    private static ImmutableArray<StreamShape> ReadStreams(JsonElement weights, ImmutableArray<int>[] sizes) =>
        [.. weights.EnumerateArray().Select((weight, i) => weight[0].GetString() switch
        {
            "proportion" => new StreamShape { ShardSizes = sizes[i], Proportion = weight[1].GetDouble() },
            "repeat" => new StreamShape { ShardSizes = sizes[i], Repeat = weight[1].GetDouble() },
            "choose" => new StreamShape { ShardSizes = sizes[i], Choose = weight[1].GetInt64() },
            _ => new StreamShape { ShardSizes = sizes[i] },
        })];

    /// <summary>Reads a list of sizes, or a text such as <c>50x4093 then 17</c>: 50 shards of 4093 samples and one of 17.</summary>
    private static int[] ReadSizes(JsonElement sizes)
    {
        if (sizes.ValueKind == JsonValueKind.Array)
        {
            return GoldenCases.Ints(sizes);
        }

        return [.. sizes.GetString()!.Split(" then ").SelectMany(static run =>
        {
            var parts = run.Split('x').Select(static part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Repeat(parts[^1], parts.Length == 1 ? 1 : parts[0]);
        })];
    }

    private static long[] Flatten(JsonElement nested) => nested.ValueKind == JsonValueKind.Array
        ? [.. nested.EnumerateArray().SelectMany(Flatten)]
        : [nested.GetInt64()];

    /// <summary>Reads Python's <c>float.hex()</c>.</summary>
    private static double HexDouble(JsonElement value)
    {
        var text = value.GetString()!;
        var isNegative = text[0] == '-';
        var digits = text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..text.IndexOf('p', StringComparison.Ordinal)];
        var exponent = int.Parse(text.AsSpan(text.IndexOf('p', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture);
        var lead = text[text.IndexOf('x', StringComparison.Ordinal) + 1] - '0';
        var mantissa = lead + (ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / Math.Pow(16, digits.Length));
        return (isNegative ? -1 : 1) * Math.ScaleB(mantissa, exponent);
    }

    private void Check(string section, Action<JsonElement> check) =>
        GoldenCases.Check(output, $"spec-vectors.json ({section})", _golden.RootElement.GetProperty(section).EnumerateArray(), check);
}
