// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Benchmarks;

/// <summary>Repeats work until its time can be trusted.</summary>
internal static class Rate
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(0.7);

    /// <summary>Measures work per second.</summary>
    /// <param name="work">Does some work and says how much it was.</param>
    public static double PerSecond(Func<double> work)
    {
        var done = 0.0;
        var clock = Stopwatch.StartNew();
        do
        {
            done += work();
        }
        while (clock.Elapsed < Enough);

        return done / clock.Elapsed.TotalSeconds;
    }
}
