// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class NumpyGoldenTests(ITestOutputHelper output) : IDisposable
{
    private readonly JsonDocument _golden = GoldenData.ReadJson("streaming", "numpy-rng.json");

    [GoldenFact]
    public void SeedSequence_EverySeed_MatchesNumpy() => Check("seed_sequence", static item =>
    {
        var pool = new uint[4];
        SeedSequence.FillPool(GoldenCases.Seed(item.GetProperty("seed")), pool);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("pool")), pool.Select(static word => (long)word));
        var words = new uint[8];
        SeedSequence.Generate(GoldenCases.Seed(item.GetProperty("seed")), words);
        Assert.Equal(GoldenCases.Longs(item.GetProperty("generate_state_uint32_8")), words.Select(static word => (long)word));
    });

    [GoldenFact]
    public void Pcg64_EverySeed_MatchesNumpy() => Check("pcg64", static item =>
    {
        var seed = GoldenCases.Seed(item.GetProperty("seed"));
        var bits = new Pcg64(seed);
        Assert.Equal(Wide(item.GetProperty("state")), bits.State);
        Assert.Equal(Wide(item.GetProperty("inc")), bits.Increment);
        foreach (var expected in item.GetProperty("next_uint64_16").EnumerateArray())
        {
            Assert.Equal(Wide(expected), bits.Next());
        }

        Assert.Equal(Wide(item.GetProperty("state_after_16")), bits.State);
        var jumped = new Pcg64(seed);
        jumped.Advance(16);
        Assert.Equal(bits.State, jumped.State);
        var generator = new NumpyGenerator(seed);
        foreach (var expected in item.GetProperty("next_uint32_17").EnumerateArray())
        {
            Assert.Equal(Wide(expected), generator.NextUInt32());
        }

        CheckState(item.GetProperty("after_next_uint32_17"), generator);
    });

    [GoldenFact]
    public void Calls_EveryCallThatOrdersUse_MatchesNumpy() => GoldenCases.Check(
        output,
        "numpy-rng.json (calls)",
        _golden.RootElement.GetProperty("calls").EnumerateArray().Where(static item => item.GetProperty("used").GetBoolean()),
        static item =>
        {
            var generator = new NumpyGenerator(GoldenCases.Seed(item.GetProperty("seed")));
            CheckCall(item, ref generator);
            CheckState(item.GetProperty("state_after"), generator);
        });

    [GoldenFact]
    public void Sequences_OfCallsOnOneGenerator_MatchNumpy() => Check("sequences", static item =>
    {
        var generator = new NumpyGenerator(GoldenCases.Seed(item.GetProperty("seed")));
        foreach (var call in item.GetProperty("ops").EnumerateArray())
        {
            CheckCall(call, ref generator);
            CheckHalf(call, generator);
        }

        Assert.Equal(Wide(item.GetProperty("final_state")), generator.State);
    });

    public void Dispose() => _golden.Dispose();

    private static void CheckCall(JsonElement call, ref NumpyGenerator generator)
    {
        var args = call.GetProperty("args");
        switch (call.GetProperty("op").GetString())
        {
            case "permutation":
                var permutation = new int[args.GetProperty("n").GetInt32()];
                generator.Permutation<int>(permutation);
                CheckResult(call, [.. permutation.Select(static value => (long)value)]);
                break;
            case "shuffle_int64_arange" or "shuffle_list":
                var array = Range(args.GetProperty("n").GetInt32());
                generator.Shuffle<long>(array);
                CheckResult(call, array);
                break;
            case "shuffle_int64_view":
                var whole = Range(args.GetProperty("n").GetInt32());
                generator.Shuffle<long>(whole.AsSpan(args.GetProperty("lo").GetInt32()..args.GetProperty("hi").GetInt32()));
                CheckResult(call, whole);
                break;
            case "integers":
                CheckIntegers(call, args, ref generator);
                break;
            case "uniform":
                var values = new double[args.GetProperty("size").GetInt32()];
                generator.Uniform(args.GetProperty("low").GetDouble(), args.GetProperty("high").GetDouble(), values);
                Assert.Equal(
                    call.GetProperty("bits").EnumerateArray().Select(static bits => bits.GetString()!),
                    values.Select(static value => BitConverter.DoubleToUInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture)));
                break;
            case "choice_no_replace":
                CheckChoice(call, args, ref generator);
                break;
            case { } other:
                throw new NotSupportedException($"The golden call {other} has no counterpart.");
        }
    }

    private static void CheckIntegers(JsonElement call, JsonElement args, ref NumpyGenerator generator)
    {
        var low = long.Parse(args.GetProperty("low").GetString()!, CultureInfo.InvariantCulture);
        // NumPy's upper bound is exclusive and may be 2^63.
        var high = Int128.Parse(args.GetProperty("high").GetString()!, CultureInfo.InvariantCulture);
        var size = args.GetProperty("size");
        var count = size.ValueKind == JsonValueKind.Array ? size[0].GetInt32() : 1;
        if (call.TryGetProperty("error", out _))
        {
            var copy = generator;
            Assert.Throws<ArgumentOutOfRangeException>(() => copy.Integer(low, (long)high));
            return;
        }

        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = unchecked(low + (long)generator.NextBounded((ulong)(high - low - 1)));
        }

        var expected = call.GetProperty("result");
        Assert.Equal(expected.ValueKind == JsonValueKind.Array ? GoldenCases.Longs(expected) : [GoldenCases.Long(expected)], values);
    }

    private static void CheckChoice(JsonElement call, JsonElement args, ref NumpyGenerator generator)
    {
        var population = args.GetProperty("n").GetInt64();
        var chosen = new long[args.GetProperty("size").GetInt32()];
        if (call.TryGetProperty("error", out _))
        {
            var copy = generator;
            Assert.Throws<ArgumentOutOfRangeException>(() => copy.Choice(population, chosen));
            return;
        }

        var skipped = generator;
        skipped.SkipChoice(population, chosen.Length);
        generator.Choice(population, chosen);
        CheckResult(call, chosen);
        Assert.Equal(generator.State, skipped.State);
        Assert.Equal(generator.BufferedHalf, skipped.BufferedHalf);
    }

    private static void CheckResult(JsonElement call, long[] values)
    {
        if (call.TryGetProperty("result", out var result))
        {
            Assert.Equal(GoldenCases.Longs(result), values);
        }
        else
        {
            Assert.Equal(GoldenCases.Longs(call.GetProperty("first16")), values[..16]);
            Assert.Equal(call.GetProperty("sha256").GetString(), GoldenCases.Digest(values));
        }
    }

    private static void CheckState(JsonElement expected, NumpyGenerator generator)
    {
        Assert.Equal(Wide(expected.GetProperty("state")), generator.State);
        CheckHalf(expected, generator);
    }

    private static void CheckHalf(JsonElement expected, NumpyGenerator generator)
    {
        if (expected.GetProperty("has_uint32").GetInt32() == 0)
        {
            Assert.Null(generator.BufferedHalf);
        }
        else
        {
            Assert.Equal(expected.GetProperty("uinteger").GetUInt32(), generator.BufferedHalf);
        }
    }

    private static UInt128 Wide(JsonElement value) => GoldenCases.Seed(value);

    private static long[] Range(int count) => [.. Enumerable.Range(0, count).Select(static value => (long)value)];

    private void Check(string section, Action<JsonElement> check) =>
        GoldenCases.Check(output, $"numpy-rng.json ({section})", _golden.RootElement.GetProperty(section).EnumerateArray(), check);
}
