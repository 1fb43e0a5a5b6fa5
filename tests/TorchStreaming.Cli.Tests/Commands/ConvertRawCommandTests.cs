// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class ConvertRawCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ConvertRawCommandTests() => Directory.CreateDirectory(Source);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ConvertText_ChosenFields_BecomeColumns()
    {
        File.WriteAllText(Path.Combine(Source, "a.jsonl"), """{"text": "hello", "meta": {"set": "x"}}""" + "\n");

        var made = (await ToolRun.InvokeAsync(
            "convert", "text", Source, Output, "--fields", "text,set=meta.set", "--compression", "none", "--json")).Json()[0];
        var sample = (await ToolRun.InvokeAsync("cat", Output)).AssertSuccess();

        Assert.Equal(1, made.GetProperty("samples").GetInt32());
        Assert.Contains("hello", sample.Output, StringComparison.Ordinal);
        Assert.Contains("set: \"x\"", sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertC4_OfOneSplitByPattern_WritesThere()
    {
        const string Line = """{"text": "t", "timestamp": "2019", "url": "u"}""" + "\n";
        File.WriteAllText(Path.Combine(Source, "c4-train.00000-of-00001.json"), Line + Line);
        File.WriteAllText(Path.Combine(Source, "c4-validation.00000-of-00001.json"), Line);

        var run = (await ToolRun.InvokeAsync(
            "convert", "c4", Source, Output, "--files", "c4-validation.*", "--split", "val", "--compression", "none")).AssertSuccess();

        Assert.Contains("val: 1 samples", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Output, "val", "index.json")));
    }

    [Fact]
    public async Task ConvertPile_LineWithoutItsSet_IsNamed()
    {
        var path = Path.Combine(Source, "00.jsonl");
        File.WriteAllText(path, """{"text": "t"}""" + "\n");

        var run = await ToolRun.InvokeAsync("convert", "pile", path, Output, "--compression", "none");

        run.AssertError(ExitCodes.Failure, path);
        Assert.Contains("line 1: The line has no field 'meta.pile_set_name'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertCifar10_BothSplits_AreMadeAndCannotBeMadeTwice()
    {
        foreach (var name in new[] { "data_batch_1.bin", "test_batch.bin" })
        {
            File.WriteAllBytes(Path.Combine(Source, name), new byte[2 * 3073]);
        }

        var made = (await ToolRun.InvokeAsync("convert", "cifar10", Source, Output, "--json")).Json();

        Assert.Equal([2, 2], made.EnumerateArray().Select(split => split.GetProperty("samples").GetInt32()));
        Assert.Equal([10, 10], made.EnumerateArray().Select(split => split.GetProperty("classes").GetInt32()));
        (await ToolRun.InvokeAsync("convert", "cifar10", Source, Output, "--split", "test"))
            .AssertError(ExitCodes.Failure, "already holds a data set");
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");
}
