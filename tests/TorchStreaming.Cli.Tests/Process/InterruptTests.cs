// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>The tool as a process of its own, stopped from outside in the middle of its work.</summary>
public sealed class InterruptTests(InterruptedConversion conversion) : IClassFixture<InterruptedConversion>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("INT", ExitCodes.Interrupted)]
    [InlineData("TERM", ExitCodes.Terminated)]
    [InlineData("KILL", 137)]
    public async Task Convert_SignalledHalfWay_ContinuesToTheSameBytes(string signal, int expectedExitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var source = _directory.Combine("source");
        var output = _directory.Combine("out");
        conversion.CopySource(source, heavy: true);
        using (var tool = ToolProcess.Start(["convert", "imagefolder", source, output, .. InterruptedConversion.Options, "--workers", "1"]))
        {
            await tool.WaitUntilAsync(() => HasShards(output, 3));
            await tool.SignalAsync(signal);
            await tool.AssertExitAsync(expectedExitCode);
            Assert.DoesNotContain("error", await tool.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(output, "index.json")));
        Assert.True(File.Exists(Path.Combine(output, "conversion.journal")));

        conversion.CopySource(source, heavy: false);
        var made = (await ToolRun.InvokeAsync(["convert", "imagefolder", source, output, .. InterruptedConversion.Options, "--json"])).Json()[0];
        Assert.InRange(made.GetProperty("resumed").GetInt32(), 1, InterruptedConversion.LightImages);
        Assert.Equal(conversion.ExpectedDigest, DirectoryContents.Digest(output));
    }

    [Fact]
    public async Task Cat_ReaderOfTheOutputGoesAway_EndsQuietly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        (await ToolRun.InvokeAsync("synth", _directory.Combine("source"), "--raw", "--images", "300", "--classes", "1", "--size", "8-8"))
            .AssertSuccess();
        (await ToolRun.InvokeAsync("convert", "imagefolder", _directory.Combine("source"), _directory.Combine("out"), "--hashes", "none"))
            .AssertSuccess();

        using var shell = System.Diagnostics.Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList =
            {
                "-c",
                $"dotnet '{ToolProcess.Tool}' cat \"$1\" --json --base64 | head -n 1; exit ${{PIPESTATUS[0]}}",
                "bash",
                _directory.Combine("out"),
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(ToolProcess.Patience);
        var error = await shell.StandardError.ReadToEndAsync().WaitAsync(ToolProcess.Patience);
        await shell.WaitForExitAsync().WaitAsync(ToolProcess.Patience);

        Assert.Equal(0, shell.ExitCode);
        Assert.StartsWith("{\"sample\":0,", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    private static bool HasShards(string output, int count)
    {
        var journal = new FileInfo(Path.Combine(output, "conversion.journal"));
        return journal.Exists && journal.Length > 500 && Directory.GetFiles(output, "shard.*").Length > count;
    }
}
