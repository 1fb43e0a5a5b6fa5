// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Convert_SynthToImageFolderToInfo_Agree()
    {
        await SynthAsync("--images", "20", "--classes", "4");
        var made = (await ToolRun.InvokeAsync(
            "convert", "imagefolder", Source, Output, "--compression", "gz:1",
                "--hashes", "md5,sha1", "--size-limit", "8kb", "--json")).Json()[0];
        var info = (await ToolRun.InvokeAsync("info", Output, "--json")).Json();

        Assert.Equal(20, made.GetProperty("samples").GetInt64());
        Assert.Equal(4, made.GetProperty("classes").GetInt32());
        Assert.Equal(0, made.GetProperty("skipped").GetArrayLength());
        Assert.Equal(Output, info.GetProperty("location").GetString());
        foreach (var key in new[] { "samples", "shards", "raw_bytes", "stored_bytes" })
        {
            Assert.Equal(made.GetProperty(key).GetInt64(), info.GetProperty(key).GetInt64());
        }

        Assert.Equal(["gz:1"], info.GetProperty("compressions").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["md5", "sha1"], info.GetProperty("hashes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal([8192], info.GetProperty("size_limits").EnumerateArray().Select(limit => limit.GetInt32()));
    }

    [Fact]
    public async Task Convert_ImageNetLayout_MakesBothSplitsWithTheSameClasses()
    {
        await SynthAsync("--images", "8", "--val-images", "4", "--classes", "2");

        var run = (await ToolRun.InvokeAsync("convert", "imagenet", Source, Output)).AssertSuccess();

        Assert.Empty(run.Output);
        Assert.Contains("train: 8 samples", run.Error, StringComparison.Ordinal);
        Assert.Contains("val: 4 samples", run.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(Output, "train", "classes.json")),
            File.ReadAllText(Path.Combine(Output, "val", "classes.json")));
        Assert.Empty(Directory.GetFiles(Output, "*.journal", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Convert_ImageNetStoppedInTheSecondSplit_ContinuesThere()
    {
        await SynthAsync("--images", "8", "--val-images", "8", "--classes", "2");
        (await ToolRun.InvokeAsync("convert", "imagenet", Source, _directory.Combine("expected"))).AssertSuccess();
        var victim = Directory.GetFiles(Path.Combine(Source, "val"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).First();
        var good = File.ReadAllBytes(victim);
        File.WriteAllBytes(victim, [1, 2, 3]);
        (await ToolRun.InvokeAsync("convert", "imagenet", Source, Output)).AssertError(ExitCodes.Failure, victim);
        File.WriteAllBytes(victim, good);

        var made = (await ToolRun.InvokeAsync("convert", "imagenet", Source, Output, "--json")).Json();

        Assert.Equal([8, 0], made.EnumerateArray().Select(split => split.GetProperty("resumed").GetInt32()));
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(Output));
    }

    [Fact]
    public async Task Convert_Split_WritesToThatFolder()
    {
        await SynthAsync("--images", "4", "--classes", "2");

        (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output, "--split", "test")).AssertSuccess();

        Assert.True(File.Exists(Path.Combine(Output, "test", "index.json")));
    }

    [Fact]
    public async Task ConvertImageFolder_OfSplits_SaysWhatToRun()
    {
        await SynthAsync("--images", "4", "--val-images", "2", "--classes", "2");

        var run = (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output)).AssertError(
            ExitCodes.Usage, $"'{Source}' holds splits, not classes: train, val hold folders");

        Assert.Contains($"'torchstreaming convert imagenet {Source} {Output}'", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"'torchstreaming convert imagefolder {Path.Combine(Source, "train")} {Output} --split train'", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));

        Directory.Move(Path.Combine(Source, "val"), Path.Combine(Source, "test"));
        (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output)).AssertError(ExitCodes.Usage, "--split test,train'");
    }

    [Fact]
    public async Task ConvertImageFolder_OfClassesNamedLikeSplits_Converts()
    {
        await SynthAsync("--images", "4", "--classes", "2");
        Directory.Move(Path.Combine(Source, "circle"), Path.Combine(Source, "train"));
        Directory.Move(Directory.GetDirectories(Source).Single(static folder => !folder.EndsWith("train", StringComparison.Ordinal)), Path.Combine(Source, "test"));
        Directory.CreateDirectory(Path.Combine(Source, "test", "more"));

        var made = (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output, "--json")).Json()[0];

        Assert.Equal(2, made.GetProperty("classes").GetInt32());
    }

    [Fact]
    public async Task Convert_SkippedFiles_AreNamedAndCounted()
    {
        await SynthAsync("--images", "4", "--classes", "1");
        File.WriteAllText(Path.Combine(Source, "circle", "99999.txt"), "no image");

        var run = (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Output, "--on-error", "skip")).AssertSuccess();

        Assert.Contains("4 samples", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 skipped", run.Error, StringComparison.Ordinal);
        Assert.Contains("skipped circle/99999.txt: The file is no image", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_BadInputs_AreOneLineEach()
    {
        (await ToolRun.InvokeAsync("convert", "imagefolder", _directory.Combine("nowhere"), Output))
            .AssertError(ExitCodes.Failure, "nowhere");
        Directory.CreateDirectory(_directory.Combine("empty"));
        (await ToolRun.InvokeAsync("convert", "imagefolder", _directory.Combine("empty"), Output))
            .AssertError(ExitCodes.Failure, "no class folder");
        (await ToolRun.InvokeAsync("convert", "imagenet", _directory.Combine("empty"), Output)).AssertError(ExitCodes.Failure, "train");

        await SynthAsync("--images", "2", "--classes", "1");
        (await ToolRun.InvokeAsync("convert", "imagefolder", Source, Source)).AssertError(ExitCodes.Failure, "is not empty");
        (await ToolRun.InvokeAsync("convert", "imagefolder", Source, "s3://bucket/x")).AssertError(ExitCodes.Failure, "s3://");
        (await ToolRun.InvokeAsync("synth", Source)).AssertError(ExitCodes.Failure, "--overwrite");
        File.WriteAllText(_directory.Combine("file"), "");
        (await ToolRun.InvokeAsync("synth", _directory.Combine("file"))).AssertError(ExitCodes.Failure, "is a file");
    }

    [Fact]
    public async Task Convert_Cancelled_AnswersInterrupted()
    {
        await SynthAsync("--images", "2", "--classes", "1");
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        var run = await ToolRun.InvokeAsync(source.Token, "convert", "imagefolder", Source, Output);

        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.DoesNotContain("error", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synth_SameSeed_MakesTheSameFolder()
    {
        await SynthAsync("--images", "6", "--classes", "3", "--seed", "5");
        string[] options = ["--raw", "--size", "12-20", "--images", "6", "--classes", "3", "--seed", "5"];
        (await ToolRun.InvokeAsync(["synth", _directory.Combine("again"), .. options])).AssertSuccess();

        Assert.Equal(DirectoryContents.Digest(Source), DirectoryContents.Digest(_directory.Combine("again")));
    }

    private string Source => _directory.Combine("source");

    private string Output => _directory.Combine("out");

    private async Task SynthAsync(params string[] options) =>
        (await ToolRun.InvokeAsync(["synth", Source, "--raw", "--size", "12-20", .. options])).AssertSuccess();
}
