// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class PlanCommandTests
{
    private static readonly string[] Small =
        ["plan", "--samples", "10k", "--sample-size", "1kb", "--shard-size", "100kb", "--batch-size", "20", "--step-time", "10"];

    [Fact]
    public async Task Plan_SlowLink_SaysWhatTheLinkLacks()
    {
        var run = (await ToolRun.InvokeAsync([.. Small, "--bandwidth", "500kb"])).AssertSuccess();

        Assert.Contains("steps        500 of 20 samples", run.Output, StringComparison.Ordinal);
        Assert.Contains("The link is the limit", run.Output, StringComparison.Ordinal);
        Assert.Contains("estimated from the first 10,000 samples of a node", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_SmallCache_NamesALimitThatIsEnough()
    {
        string[] small = [.. Small, "--shuffle-block-size", "5000", "--json"];
        var limit = (await ToolRun.InvokeAsync(small)).Json().GetProperty("cache_limit_without_repeats").GetInt64();

        var advice = (await ToolRun.InvokeAsync([.. small, "--cache-limit", $"{limit / 2}"])).Json().GetProperty("advice")[0].GetString()!;

        var named = advice.Split("(--cache-limit ")[1].Split(')')[0];
        Assert.StartsWith("Shards are downloaded", advice, StringComparison.Ordinal);
        Assert.Contains("brings that to 1.00, and the epoch from", advice, StringComparison.Ordinal);
        var enough = (await ToolRun.InvokeAsync([.. small, "--cache-limit", named])).Json();
        Assert.Equal(1, enough.GetProperty("downloads_per_shard").GetDouble());
    }

    [Fact]
    public async Task Plan_Latency_DelaysTheFirstBatch()
    {
        string[] large = ["plan", "--samples", "10k", "--sample-size", "100kb", "--batch-size", "20", "--step-time", "10", "--json"];

        var near = (await ToolRun.InvokeAsync([.. large, "--latency", "0"])).Json();
        var far = (await ToolRun.InvokeAsync([.. large, "--latency", "1.5s"])).Json();
        var compressed = (await ToolRun.InvokeAsync([.. large, "--latency", "1.5s", "--compressed-size", "40kb"])).Json();

        // The index, the offset tables and the samples: three round trips.
        Assert.InRange(far.GetProperty("first_batch_seconds").GetDouble() - near.GetProperty("first_batch_seconds").GetDouble(), 4.49, 4.51);
        Assert.True(far.GetProperty("early_bytes").GetInt64() > 40 * 100_000);
        Assert.Equal(0, compressed.GetProperty("early_bytes").GetInt64());
    }

    [Fact]
    public async Task Plan_ShardsTooSmallForTheLatency_NamesAConcurrencyThatHelps()
    {
        var run = await ToolRun.InvokeAsync(
            "plan", "--samples", "100k", "--sample-size", "100kb", "--shard-size", "1mb", "--batch-size", "64", "--step-time", "20", "--bandwidth", "2gb",
            "--latency", "100ms", "--json");

        Assert.Contains(
            run.Json().GetProperty("advice").EnumerateArray(),
            static advice => advice.GetString()!.StartsWith("The link would do, but its latency holds small shards up: with ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_LatencyThatIsNone_IsRefused() =>
        (await ToolRun.InvokeAsync([.. Small, "--latency", "soon"])).AssertError(ExitCodes.Usage, "such as 50ms or 1.5s");

    [Fact]
    public async Task Plan_AsJson_CountsWhatASmallCacheDownloadsTwice()
    {
        string[] several = [.. Small, "--nodes", "2", "--ranks", "2", "--json", "--shuffle-block-size", "3000"];
        var whole = (await ToolRun.InvokeAsync(several)).Json();
        var limit = whole.GetProperty("cache_limit_without_repeats").GetInt64();

        var enough = (await ToolRun.InvokeAsync([.. several, "--cache-limit", $"{limit}"])).Json();
        var less = (await ToolRun.InvokeAsync([.. several, "--cache-limit", $"{limit * 9 / 10}"])).Json();

        Assert.Equal(1, whole.GetProperty("downloads_per_shard").GetDouble());
        Assert.Equal(1, enough.GetProperty("downloads_per_shard").GetDouble());
        Assert.True(less.GetProperty("downloads_per_shard").GetDouble() > 1);
    }

    [Fact]
    public async Task Plan_OfADataSet_TakesItsShardsAndDrawsThem()
    {
        using var directory = new TemporaryDirectory();
        var plot = directory.Combine("plan.svg");

        var run = (await ToolRun.InvokeAsync(
            "plan", GoldenData.OwnPathOf("streaming", "shards", "imagenet", "data"), "--split", "train", "--batch-size", "4", "--step-time", "1",
            "--quality", "--plot", plot)).AssertSuccess();

        Assert.Contains("steps        12 of 4 samples", run.Output, StringComparison.Ordinal);
        Assert.Contains("shuffle      entropy", run.Output, StringComparison.Ordinal);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Load(plot).Root!.Name.LocalName);
    }

    [Fact]
    public async Task Plan_WithoutData_SaysHowToNameSome() =>
        (await ToolRun.InvokeAsync("plan", "--batch-size", "4", "--step-time", "1")).AssertError(ExitCodes.Usage, "--samples");

    [Fact]
    public async Task Plan_LimitBelowAStep_IsRefusedWithTheNumbers() =>
        (await ToolRun.InvokeAsync([.. Small, "--cache-limit", "1kb"])).AssertError(ExitCodes.Failure, "does not hold the");
}
