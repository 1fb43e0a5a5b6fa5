// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Ordering;

namespace TorchStreaming.Benchmarks.Ordering;

/// <summary>Measures how long and in how much memory an epoch is planned. Every row runs in a process of its own, so that its peak memory is its own.</summary>
internal static class OrderingBenchmark
{
    private static readonly string[] Sizes = ["1m", "10m", "100m", "1b"];
    private static readonly string[] Algorithms = ["none", "indexed", "py1e", "py1br", "py1b", "py1s", "py2s", "naive"];

    public static int Run(string[] arguments)
    {
        var largest = SampleCount.Parse(arguments is [var given, ..] ? given : Sizes[^1]).Samples;
        Console.WriteLine(
            $"shards of {OrderingRow.ShardSize} samples, 1 canonical node, default block size, batch 256, one rank, {Environment.ProcessorCount} processors, "
            + $".NET {Environment.Version}");
        Console.WriteLine("'first id' is from options and state to the first batch; memory is the process's peak above what it had before planning.");
        Console.WriteLine();
        Console.WriteLine("| samples | algorithm | options (ms) | first id (ms) | resume at 50 % (ms) | ns/id streaming | peak memory (MB) |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var size in Sizes)
        {
            foreach (var algorithm in Algorithms)
            {
                if (SampleCount.Parse(size).Samples <= largest)
                {
                    Console.WriteLine(RunRow(algorithm, size));
                }
            }
        }

        return 0;
    }

    private static string RunRow(string algorithm, string size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in (string[])["ordering-row", algorithm, size, "1"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var row = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0
            ? row
            : string.Create(CultureInfo.InvariantCulture, $"| {size} | {algorithm} | failed with exit code {process.ExitCode} |");
    }
}
