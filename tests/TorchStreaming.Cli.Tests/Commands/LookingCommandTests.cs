// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary><c>peek</c>, <c>stats</c> and <c>bench</c> on a small dataset of raw images, which need no codec.</summary>
public sealed class LookingCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory.Combine("mds");

    public async Task InitializeAsync()
    {
        var raw = _directory.Combine("raw");
        (await ToolRun.InvokeAsync("synth", raw, "--raw", "--images", "24", "--classes", "3", "--size", "16-24")).AssertSuccess();
        (await ToolRun.InvokeAsync("convert", "imagefolder", raw, Data, "--size-limit", "8kb", "--compression", "gz")).AssertSuccess();
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Peek_WithoutOutput_ShowsSamplesFromTheWholeDataSet()
    {
        var run = (await ToolRun.InvokeAsync("peek", Data, "--count", "3")).AssertSuccess();

        Assert.All((string[])["│ 0 ", "│ 8 ", "│ 16 "], id => Assert.Contains(id, run.Output, StringComparison.Ordinal));
        Assert.Contains("RGB pixels", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peek_WithOutput_WritesASheetOfTheirImages()
    {
        var sheet = _directory.Combine("sheet.png");

        var run = (await ToolRun.InvokeAsync("peek", Data, "--output", sheet, "--count", "9", "--tile", "20")).AssertSuccess();

        Assert.Equal(ImageFormat.Png, ImageFormats.Detect(File.ReadAllBytes(sheet)));
        Assert.Contains("9 images of column 'x', 68x68 pixels", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peek_ColumnThatIsNotThere_NamesThoseThatAre() =>
        (await ToolRun.InvokeAsync("peek", Data, "--output", _directory.Combine("sheet.png"), "--column", "image"))
            .AssertError(ExitCodes.Failure, "The dataset has i, x, y");

    [Fact]
    public async Task Peek_ColumnWithoutImages_NamesTheSampleAndTheColumn() =>
        (await ToolRun.InvokeAsync("peek", Data, "--output", _directory.Combine("sheet.png"), "--column", "y"))
            .AssertError(ExitCodes.Failure, "Sample 0, column 'y':");

    [Fact]
    public async Task Peek_AsJson_HasALinePerSampleOrSaysWhatIsOnTheSheet()
    {
        var samples = (await ToolRun.InvokeAsync("peek", Data, "--count", "3", "--json")).AssertSuccess();
        var sheet = (await ToolRun.InvokeAsync("peek", Data, "--count", "3", "--json", "--output", _directory.Combine("sheet.png"))).Json();

        Assert.Equal((await ToolRun.InvokeAsync("cat", Data, "0", "8", "16", "--json")).Output, samples.Output);
        Assert.Equal([0, 8, 16], sheet.GetProperty("samples").EnumerateArray().Select(id => id.GetInt64()));
    }

    [Fact]
    public async Task Arrays_PeekedAtAndMeasured_ShowTheirElements()
    {
        var arrays = _directory.Combine("arrays");
        await using (var writer = await MdsWriter.CreateAsync(arrays, new Dictionary<string, string> { ["tokens"] = "ndarray:int32" }))
        {
            for (var length = 1; length <= 9; length++)
            {
                var tokens = Enumerable.Range(0, length).Select(static i => 10 * i).ToArray();
                await writer.WriteAsync(new Dictionary<string, object?> { ["tokens"] = NdArray.Create<int>(tokens) });
            }

            await writer.CompleteAsync();
        }

        var peek = (await ToolRun.InvokeAsync("peek", arrays, "--count", "9")).AssertSuccess();
        var stats = (await ToolRun.InvokeAsync("stats", arrays)).AssertSuccess();
        var column = (await ToolRun.InvokeAsync("stats", arrays, "--json")).Json().GetProperty("columns")[0];

        Assert.Contains("int32[3] 0 10 20 ", peek.Output, StringComparison.Ordinal);
        Assert.Contains("int32[9] 0 10 20 30 40 50 …", peek.Output, StringComparison.Ordinal);
        Assert.Contains("1–9 elements, mean ", stats.Output, StringComparison.Ordinal);
        Assert.Equal(9, column.GetProperty("lengths").GetProperty("max").GetDouble());
        Assert.Equal(80, column.GetProperty("elements").GetProperty("max").GetDouble());
    }

    [Fact]
    public async Task Synth_AsJson_NamesTheClasses()
    {
        var made = (await ToolRun.InvokeAsync(
            "synth", _directory.Combine("few"), "--raw", "--images", "4", "--classes", "2", "--size", "8-8", "--json")).Json();

        Assert.Equal((4, 2), (made.GetProperty("images").GetInt32(), made.GetProperty("classes").GetArrayLength()));
    }

    [Fact]
    public async Task Stats_AsJson_CountsClassesSizesAndPixels()
    {
        var columns = (await ToolRun.InvokeAsync("stats", Data, "--json")).Json().GetProperty("columns").EnumerateArray()
            .ToDictionary(column => column.GetProperty("name").GetString()!);

        Assert.Equal(["0", "1", "2"], columns["y"].GetProperty("classes").EnumerateObject().Select(entry => entry.Name));
        Assert.All(columns["y"].GetProperty("classes").EnumerateObject(), entry => Assert.Equal(8, entry.Value.GetInt64()));
        Assert.Equal(11.5, columns["i"].GetProperty("values").GetProperty("mean").GetDouble());
        var images = columns["x"].GetProperty("images");
        Assert.InRange(images.GetProperty("width").GetProperty("min").GetDouble(), 16, 24);
        Assert.Equal(0, images.GetProperty("damaged").GetInt64());
        Assert.All(images.GetProperty("mean").EnumerateArray(), mean => Assert.InRange(mean.GetDouble(), 0.1, 0.9));
    }

    [Fact]
    public async Task Stats_WithPlot_DrawsAPanelPerColumn()
    {
        var plot = _directory.Combine("plot.svg");

        (await ToolRun.InvokeAsync("stats", Data, "--samples", "10", "--plot", plot)).AssertSuccess();

        var svg = System.Xml.Linq.XDocument.Load(plot);
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.All((string[])["i: values", "x: bytes", "x: width in pixels", "x: height in pixels", "y: values"], title =>
            Assert.Contains(svg.Descendants(), element => element.Value == title));
    }

    [Fact]
    public async Task Bench_AsJson_HasATrialPerThreadCountAndASuggestion()
    {
        var result = (await ToolRun.InvokeAsync(
            "bench", Data, "--threads", "1,2", "--seconds", "0.05", "--batch-size", "4", "--crop", "16", "--json")).Json();

        Assert.Equal([1, 2], result.GetProperty("trials").EnumerateArray().Select(trial => trial.GetProperty("threads").GetInt32()));
        Assert.All(result.GetProperty("trials").EnumerateArray(), trial => Assert.True(trial.GetProperty("samples_per_second").GetDouble() > 0));
        Assert.Contains(result.GetProperty("suggested_workers").GetInt32(), (int[])[1, 2]);
        Assert.All(Directory.GetFiles(Data, "shard.*"), shard => Assert.EndsWith(".gz", shard, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Completions_ForEachShell_AskTheTool()
    {
        foreach (var shell in (string[])["bash", "zsh", "fish", "pwsh"])
        {
            var run = (await ToolRun.InvokeAsync("completions", shell)).AssertSuccess();
            Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
        }
    }
}
