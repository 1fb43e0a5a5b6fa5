// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

[Trait("Category", GoldenData.Category)]
public sealed class InfoCommandTests
{
    private static string ImageNet => GoldenData.OwnPathOf("streaming", "shards", "imagenet", "data");

    [GoldenFact]
    public async Task Info_ForPeople_ShowsFactsAndColumns()
    {
        var run = (await ToolRun.InvokeAsync("info", Path.Combine(ImageNet, "train"))).AssertSuccess();

        Assert.Contains("samples      48", run.Output, StringComparison.Ordinal);
        Assert.Contains("│ x      │ jpeg     │ varies │", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Assert.All(run.Lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [GoldenFact]
    public async Task Info_AsJson_AgreesWithTheIndex()
    {
        var info = (await ToolRun.InvokeAsync("info", ImageNet, "--split", "train", "--json")).Json();

        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ImageNet, "train", "index.json")));
        var shards = index.RootElement.GetProperty("shards").EnumerateArray().ToArray();
        Assert.Equal(shards.Length, info.GetProperty("shards").GetInt32());
        Assert.Equal(shards.Sum(shard => shard.GetProperty("samples").GetInt64()), info.GetProperty("samples").GetInt64());
        Assert.Equal(shards.Sum(shard => shard.GetProperty("raw_data").GetProperty("bytes").GetInt64()),
            info.GetProperty("raw_bytes").GetInt64());
        Assert.Equal(["i", "x", "y"],
            info.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()));
        Assert.Equal(["int", "jpeg", "int"],
            info.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("encoding").GetString()));
    }

    [GoldenFact]
    public async Task Info_FolderOfSplits_NamesThem() =>
        (await ToolRun.InvokeAsync("info", ImageNet)).AssertError(ExitCodes.Failure, "--split (train, val)");

    [GoldenFact]
    public async Task Info_MissingFolder_NamesIt()
    {
        using var directory = new TemporaryDirectory();

        (await ToolRun.InvokeAsync("info", directory.Combine("nowhere"))).AssertError(ExitCodes.Failure, directory.Combine("nowhere"));
    }

    [GoldenFact]
    public async Task Info_DamagedIndex_NamesIt()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Combine("index.json"), "{\"version\": 2, \"shards\": [");

        (await ToolRun.InvokeAsync("info", directory.Path)).AssertError(ExitCodes.Failure, "index.json");
    }

    [GoldenFact]
    public async Task Info_ControlCharactersInTheIndex_AreShownAsEscapes()
    {
        using var directory = new TemporaryDirectory();
        var index = File.ReadAllText(Path.Combine(ImageNet, "val", "index.json"))
            .Replace("\"y\"", "\"\\u001b[31my\"", StringComparison.Ordinal);
        File.WriteAllText(directory.Combine("index.json"), index);

        var run = (await ToolRun.InvokeAsync("info", directory.Path)).AssertSuccess();

        Assert.Contains("\\u001b[31my", run.Output, StringComparison.Ordinal);
    }

    [GoldenFact]
    public async Task Info_UnknownScheme_NamesIt() => (await ToolRun.InvokeAsync("info", "gopher://x/y"))
        .AssertError(ExitCodes.Failure, "gopher://");
}
