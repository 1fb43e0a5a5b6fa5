// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli.Tests;

/// <summary>What the tool answers to the scripts that make a shell complete its command lines.</summary>
public sealed class SuggestionsTests
{
    [Theory]
    [InlineData("torchstreaming con", "convert")]
    [InlineData("torchstreaming convert image", "imagefolder imagenet")]
    [InlineData("torchstreaming info --s", "--split")]
    [InlineData("torchstreaming completions ", "bash fish pwsh zsh")]
    [InlineData("torchstreaming plan data --shuffle-algo py1", "py1b py1br py1e py1s")]
    public async Task Suggest_AtTheEndOfTheLine_NamesWhatFits(string line, string expected)
    {
        var run = (await ToolRun.InvokeAsync($"[suggest:{line.Length}]", line)).AssertSuccess();

        Assert.Equal(expected.Split(' '), run.Lines);
    }

    [Fact]
    public async Task Suggest_BeforeAnythingIsWritten_NamesCommandsAndNoOptions()
    {
        var run = (await ToolRun.InvokeAsync("[suggest:15]", "torchstreaming ")).AssertSuccess();

        Assert.Contains("info", run.Lines);
        Assert.DoesNotContain(run.Lines, word => word.StartsWith('-') || word.StartsWith('/'));
    }

    [Fact]
    public async Task Suggest_InTheMiddleOfTheLine_LooksAtWhatIsBefore()
    {
        var run = (await ToolRun.InvokeAsync("[suggest:17]", "torchstreaming in shapes --json")).AssertSuccess();

        Assert.Contains("info", run.Lines);
    }
}
