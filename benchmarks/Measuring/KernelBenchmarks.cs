// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Running;

namespace TorchStreaming.Benchmarks;

/// <summary>Runs the classes of <c>Kernels</c> by BenchmarkDotNet: the time and the allocated memory of each. In this process, so that no other
/// program is built.</summary>
internal static class KernelBenchmarks
{
    /// <summary>Runs those that options of BenchmarkDotNet choose; all by default.</summary>
    public static int Run(string[] options)
    {
        var all = options.Any(static option => option is "--filter" or "-f" or "--list") ? Array.Empty<string>() : ["--filter", "*"];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(["--inProcess", "--memory", .. all, .. options]);
        return summaries.All(static summary => summary.Reports.All(static report => report.Success)) ? 0 : 1;
    }
}
