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
    }

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
            "plan", GoldenData.PathOf("streaming", "shards", "imagenet", "data"), "--split", "train", "--batch-size", "4", "--step-time", "1",
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
