// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("convert imagenet")]
    [InlineData("convert imagefolder")]
    [InlineData("convert")]
    [InlineData("info")]
    [InlineData("cat")]
    [InlineData("synth")]
    [InlineData("convert dataset")]
    [InlineData("convert legacy")]
    [InlineData("convert coco")]
    [InlineData("convert enwiki")]
    [InlineData("convert enwiki-bert")]
    [InlineData("convert webvid")]
    [InlineData("convert webvid-extract")]
    [InlineData("convert laion")]
    [InlineData("verify")]
    [InlineData("merge")]
    [InlineData("cache")]
    [InlineData("cache list")]
    [InlineData("cache trim")]
    [InlineData("cache verify")]
    [InlineData("cache prefetch")]
    public async Task Help_OfEachCommand_EndsWithExamplesThatParse(string command)
    {
        var help = (await ToolRun.InvokeAsync([.. command.Split(' '), "--help"])).AssertSuccess();

        var examples = help.Lines.SkipWhile(line => line != "Examples:").Skip(1).ToArray();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            Assert.StartsWith($"  torchstreaming {command} ", example, StringComparison.Ordinal);

            // With --help after it a line is not run, but one with unknown options would still be refused.
            var arguments = example.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            Assert.NotEqual(ExitCodes.Usage, (await ToolRun.InvokeAsync([.. arguments.Select(Harmless)])).ExitCode);
        }
    }

    [Fact]
    public async Task Version_Asked_IsTheToolsOwn()
    {
        var run = (await ToolRun.InvokeAsync("--version")).AssertSuccess();

        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("inf x", "Did you mean 'info'?")]
    [InlineData("convert imagfolder x y", "Did you mean 'imagefolder'?")]
    [InlineData("info x --splt y", "Did you mean '--split'?")]
    [InlineData("info x --verbos", "Did you mean '--verbose'?")]
    [InlineData("completions tcsh", "Must be one of: 'bash' 'zsh'")]
    [InlineData("info", "location")]
    [InlineData("info x --nonsense", "--nonsense")]
    [InlineData("cache trim x", "--to")]
    [InlineData("cache trim x --to much", "much")]
    [InlineData("cat x 1 --range 1:2", "not both")]
    [InlineData("cat x --range 5", "'5' is not a run of samples")]
    [InlineData("cat x one", "one")]
    [InlineData("synth x --size 400-160", "not a range of sizes")]
    [InlineData("synth x --images many", "many")]
    [InlineData("convert imagefolder x y --compression zip", "'zip' is not a compression")]
    [InlineData("convert imagefolder x y --compression zstd:23", "'zstd:23' is not a compression")]
    [InlineData("convert imagefolder x y --hashes sha1,crc", "'crc' is not a hash")]
    [InlineData("convert imagefolder x y --size-limit huge", "'huge' is not a size limit")]
    [InlineData("convert imagefolder x y --size-limit 4gb", "'4gb' is not a size limit")]
    [InlineData("convert imagefolder x y --workers 0", "'0' is not a whole number above 0")]
    [InlineData("convert imagefolder x y --resize -1", "'-1' is not a whole number above 0")]
    [InlineData("convert imagefolder x y --on-error ignore", "ignore")]
    [InlineData("verify x --workers none", "'none' is not a whole number above 0")]
    [InlineData("merge", "root")]
    [InlineData("convert dataset x y --format parquet", "parquet")]
    [InlineData("convert legacy x y --encodings jpeg", "'jpeg' does not say what a column holds")]
    [InlineData("convert legacy x y --encodings x=gif", "'gif' is not an encoding")]
    public async Task CommandLine_ThatMakesNoSense_IsAUsageError(string arguments, string problem)
    {
        var run = await ToolRun.InvokeAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        run.AssertError(ExitCodes.Usage, problem);
        Assert.Contains("--help'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "info <location>")]
    [InlineData("convert", "imagefolder <dir> <out>")]
    public async Task CommandLine_WithoutACommand_ShowsWhatThereIs(string arguments, string command)
    {
        var run = await ToolRun.InvokeAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        run.AssertError(ExitCodes.Usage, "A command is missing.");
        Assert.Contains(command, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Location_ThatIsEmpty_IsAUsageError() =>
        (await ToolRun.InvokeAsync("info", "")).AssertError(ExitCodes.Usage, "name a folder or a URL");

    [Fact]
    public async Task Location_OfTheIndexItself_IsToldFromItsFolder()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Combine("index.json"), "{}");

        (await ToolRun.InvokeAsync("info", directory.Combine("index.json")))
            .AssertError(ExitCodes.Failure, "is a file. Name the folder that holds index.json");
    }

    [Theory]
    [InlineData("/h")]
    [InlineData("/?")]
    public async Task Location_ThatLooksLikeHelpElsewhere_IsALocation(string location) =>
        (await ToolRun.InvokeAsync("info", location)).AssertError(ExitCodes.Failure, $"'{location}/index.json'");

    [Fact]
    public async Task Verbose_OnFailure_ShowsTheStack()
    {
        using var directory = new TemporaryDirectory();
        var plain = await ToolRun.InvokeAsync("info", directory.Path);
        var verbose = await ToolRun.InvokeAsync("info", directory.Path, "--verbose");

        Assert.Equal(ExitCodes.Failure, plain.ExitCode);
        Assert.DoesNotContain("   at ", plain.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }

    /// <summary>Places that do not exist, so that an example fails before it does anything.</summary>
    private static string Harmless(string argument) =>
        argument.StartsWith('/') || argument.StartsWith("http", StringComparison.Ordinal) ? "/nonexistent/place"
        : argument is "shapes" or "shapes-mds" or "photos" or "photos-mds" or "images" ? $"/proc/nonexistent/{argument}" : argument;
}
