// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Ordering;
using TorchStreaming.TestKit;
using Xunit.Abstractions;

namespace TorchStreaming.Tests.Ordering;

[Trait("Category", GoldenData.Category)]
public sealed class SamplingGoldenTests(ITestOutputHelper output)
{
    [GoldenTheory]
    [InlineData("sampling.jsonl")]
    [InlineData("digests.jsonl")]
    public void Choose_EveryCase_MatchesUpstream(string file) => GoldenCases.Check(
        output,
        file,
        GoldenData.ReadJsonLines("streaming", "orders", file).Where(static item => item.GetProperty("fn").GetString() == "get_sampling"),
        CheckCase);

    private static void CheckCase(JsonElement item)
    {
        if (item.TryGetProperty("error", out var error))
        {
            // Seeds and epochs cannot be negative here: the types of SampleOrder's arguments and the checks of LoaderState see to it.
            var message = error.GetProperty("message").GetString()!;
            if (!message.StartsWith("`seed`", StringComparison.Ordinal) && !message.StartsWith("`epoch`", StringComparison.Ordinal))
            {
                GoldenCases.CheckError(item, () => Compute(item.GetProperty("in")));
            }

            return;
        }

        GoldenCases.CheckIds(item, Compute(item.GetProperty("in")));
    }

    private static long[] Compute(JsonElement input)
    {
        var sizes = input.TryGetProperty("samples_per_shard", out var given) ? GoldenCases.Ints(given) : GoldenCases.ShardSizes(input);
        var seed = GoldenCases.Seed(input.GetProperty("seed"));
        if (input.GetProperty("use_epoch").GetBoolean())
        {
            seed += input.GetProperty("epoch").GetUInt64();
        }

        return ShardSampling.Choose(sizes, input.GetProperty("choose").GetInt64(), input.GetProperty("granularity").GetInt32(), seed);
    }
}
