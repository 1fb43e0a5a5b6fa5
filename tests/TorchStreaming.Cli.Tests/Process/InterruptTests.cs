// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming.TestKit;

namespace TorchStreaming.Cli.Tests;

/// <summary>The tool as a process of its own, stopped from outside in the middle of its work.</summary>
public sealed class InterruptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

        // Brotli at its best is slow enough to be caught half way: thirty shards of many milliseconds each.
        string[] options = ["--compression", "br:11", "--hashes", "sha1", "--size-limit", "32kb", "--workers", "1"];
        (await ToolRun.InvokeAsync("synth", source, "--raw", "--images", "30", "--classes", "5", "--size", "90-96")).AssertSuccess();

        using (var tool = Start(["convert", "imagefolder", source, output, .. options]))
        {
            var error = tool.StandardError.ReadToEndAsync();
            await WaitForShardsAsync(tool, output, 3);
            using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{tool.Id}"]);
            await tool.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(expectedExitCode == tool.ExitCode, $"exit code {tool.ExitCode}: {await error}");
            Assert.DoesNotContain("error", await error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(output, "index.json")));
        Assert.True(File.Exists(Path.Combine(output, "conversion.journal")));

        var made = (await ToolRun.InvokeAsync(["convert", "imagefolder", source, output, .. options, "--json"])).Json()[0];
        Assert.InRange(made.GetProperty("resumed").GetInt32(), 1, 29);
        (await ToolRun.InvokeAsync(["convert", "imagefolder", source, _directory.Combine("expected"), .. options])).AssertSuccess();
        Assert.Equal(DirectoryContents.Digest(_directory.Combine("expected")), DirectoryContents.Digest(output));
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
                $"dotnet '{Tool}' cat \"$1\" --json --base64 | head -n 1; exit ${{PIPESTATUS[0]}}",
                "bash",
                _directory.Combine("out"),
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        var error = await shell.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await shell.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(0, shell.ExitCode);
        Assert.StartsWith("{\"sample\":0,", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    /// <summary>The tool in its own build output: the copy beside the tests lacks what the tests' framework brings.</summary>
    private static string Tool
    {
        get
        {
            var tests = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(tests.Parent!.Parent!.FullName, "TorchStreaming.Cli", tests.Name, "torchstreaming.dll");
        }
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Tool, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return System.Diagnostics.Process.Start(start)!;
    }

    private static async Task WaitForShardsAsync(Process tool, string output, int count)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var waited = Stopwatch.StartNew();
        while (await timer.WaitForNextTickAsync())
        {
            Assert.True(!tool.HasExited && waited.Elapsed < Patience, "The tool ended, or wrote nothing, before it could be stopped.");
            var journal = Path.Combine(output, "conversion.journal");
            if (Directory.Exists(output) && Directory.GetFiles(output, "shard.*").Length > count
                && File.Exists(journal) && new FileInfo(journal).Length > 500)
            {
                return;
            }
        }
    }
}
