// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TorchStreaming.TestKit;

namespace TorchStreaming.Documentation.Tests;

/// <summary>The examples that bring their own data run to their ends, as the processes that a person would start. Each of them checks what it
/// shows and fails if it is not so.</summary>
public sealed class ExampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task MixedStreams_Run_ShowsTheSharesAskedFor()
    {
        var output = await RunToEndAsync("MixedStreams");

        Assert.Contains("code     500 samples:   800 an epoch,  20.0 %", output, StringComparison.Ordinal);
        Assert.Contains("code     500 samples:  2000 an epoch,  30.8 %; after two epochs 500 were seen, 8 to 8 times each", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MultiNode_ANodeIsKilled_EverySampleIsSeenOnce(bool sharedCache)
    {
        var output = await RunToEndAsync("MultiNode", sharedCache ? ["--shared-cache"] : []);

        Assert.Contains("Node 1 was killed", output, StringComparison.Ordinal);
        Assert.Contains("1000 samples seen, 1000 of them different, of 1000", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FineTuneText_Run_PacksAndLearns()
    {
        var output = await RunToEndAsync("FineTuneText");

        Assert.Contains("packed rows are 96 % full, padded ones 48 %", output, StringComparison.Ordinal);
        Assert.Contains("before fine-tuning", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AIStoreShards_WithACluster_ReadsWhatItWroteAndLeavesNoBucket()
    {
        await using var cluster = await AIStoreServer.StartAsync();

        // A busy machine may need longer for a connection or a byte than the example's patience.
        var (exitCode, output, errors) = await RunAsync("AIStoreShards", [], new()
        {
            ["AIS_ENDPOINT"] = cluster.Endpoint.AbsoluteUri, ["AIS_CONNECT_TIMEOUT"] = "0", ["AIS_READ_TIMEOUT"] = "0",
        });

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains($"Cluster at {cluster.Endpoint}", output, StringComparison.Ordinal);
        Assert.Contains("Wrote 2000 samples in 8 shards", output, StringComparison.Ordinal);
        Assert.Contains("Stopped after 666 samples", output, StringComparison.Ordinal);
        Assert.Contains("One call read 8 members of 8 shards: 32768 bytes", output, StringComparison.Ordinal);
        Assert.Empty(cluster.Contents.Buckets);
    }

    [Fact]
    public async Task AIStoreShards_WithoutACluster_SaysWhatToSet()
    {
        var (exitCode, _, errors) = await RunAsync("AIStoreShards", [], new() { ["AIS_ENDPOINT"] = null });

        Assert.Equal(1, exitCode);
        Assert.Contains("AIS_ENDPOINT is not set", errors, StringComparison.Ordinal);
    }

    private static async Task<string> RunToEndAsync(string example, params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(example, arguments, []);
        Assert.True(exitCode == 0, output + errors);
        return output;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string example, string[] arguments, Dictionary<string, string?> environment)
    {
        // Beside the tests' own build output, whatever the configuration.
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(tests.Parent!.Parent!.FullName, example, tests.Name, example + ".dll");

        // A folder that stays: where the current one was deleted, libtorch's MKL ends the process with "Cannot load libtorch_cpu.so".
        using var folder = new TemporaryDirectory();
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Threads of libtorch that wait for each other would spin in the time of whoever else needs the processor, each other included: on a
        // busy machine most of the run.
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }
}
