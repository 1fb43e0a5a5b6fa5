// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Ordering;

/// <summary>Measures how long and in how much memory an epoch is planned. Every row runs in a process of its own, so that its peak memory
/// is its own.</summary>
internal static class OrderingBenchmark
{
    /// <summary>Upstream needs 40 bytes for each sample, so larger epochs do not fit.</summary>
    private const long LargestOfUpstream = 100_000_000;

    private static readonly string[] Sizes = ["1m", "10m", "100m", "1b"];
    private static readonly string[] Algorithms = ["none", "indexed", "py1e", "py1br", "py1b", "py1s", "py2s", "naive"];
    private static readonly string[] UpstreamAlgorithms = ["py1e", "py1br", "py1s", "py2s", "naive"];

    public static int Run(string[] arguments)
    {
        var largest = SampleCount.Parse(arguments is [var given, ..] ? given : Sizes[^1]).Samples;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Shards of {OrderingRow.ShardSize} samples, 1 canonical node, default block size, batch 256, one rank; "
            + $"{Environment.ProcessorCount} processors, .NET {Environment.Version}."));
        Console.WriteLine("First id: from options and state to the first batch. Memory: the process's peak above what it had before. "
            + "Times are the best of three, for the largest size of one.");
        Console.WriteLine();
        Console.WriteLine("| samples | algorithm | options (ms) | first id (ms) | resume at 50 % (ms) | then ns/id | peak (MB) |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var hasUpstream = BenchmarkProcess.Run(UpstreamProcess.Python, ["-c", "import streaming.base.shuffle"]) is not null;
        foreach (var size in Sizes.Where(size => SampleCount.Parse(size).Samples <= largest))
        {
            foreach (var algorithm in Algorithms)
            {
                Console.WriteLine(BenchmarkProcess.RunSelf(["ordering-row", algorithm, size]) ?? $"| {size} | {algorithm} | failed |");
            }

            if (hasUpstream && SampleCount.Parse(size).Samples <= LargestOfUpstream)
            {
                ShowUpstream(SampleCount.Parse(size));
            }
        }

        if (!hasUpstream)
        {
            Console.WriteLine();
            Console.WriteLine("Upstream's own functions are measured too where 'python3 -c \"import streaming\"' works (or TORCHSTREAMING_PYTHON).");
        }

        return 0;
    }

    private static void ShowUpstream(SampleCount samples)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Ordering", "upstream_order.py");
        foreach (var algorithm in UpstreamAlgorithms)
        {
            string[] arguments = [script, samples.ToString(), OrderingRow.ShardSize.ToString(CultureInfo.InvariantCulture), algorithm];
            Console.WriteLine(BenchmarkProcess.Run(UpstreamProcess.Python, arguments) ?? $"| {samples} | {algorithm}, upstream | failed |");
        }
    }
}
