// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Benchmarks.Reading;

/// <summary>Measures how long one sample at random takes, from files that the system holds in memory.</summary>
internal static class GetBenchmark
{
    private const int Gets = 100_000;
    private const int UpstreamGets = 10_000;

    private delegate void Use(Sample sample);

    public static async Task<int> RunAsync()
    {
        using var upstream = Upstream.Start();
        Console.WriteLine($"One sample at random, decoded, {Gets} times a round (upstream {UpstreamGets}). Microseconds, medians of "
            + $"{Comparison.Rounds} interleaved rounds after one to warm up, and their range.");
        Console.WriteLine();
        Console.WriteLine("| workload | p50 | p99 | upstream p50 | upstream p99 | ratio p50 | ratio p99 |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var copy = new byte[Blobs.Length];
        using (var arrays = await SampleShards.CreateArraysAsync(50_000))
        {
            Run(arrays, "4 KB array, copied", sample => sample.Get<NdArrayView>("x").Bytes.CopyTo(copy), upstream);
        }

        using (var blobs = await SampleShards.CreateBlobsAsync(4_000))
        {
            Run(blobs, "110 KB bytes, lent", static sample => sample.Bytes("x"), upstream);
            Run(blobs, "110 KB bytes, copied", sample => sample.Bytes("x").CopyTo(copy), upstream);
        }

        using (var small = await SampleShards.CreateSmallAsync(200_000))
        {
            Run(small, "{int, float64}", static sample => (sample.Get<long>("a"), sample.Get<double>("b")).GetHashCode(), upstream);
        }

        return 0;
    }

    private static void Run(SampleShards shards, string what, Use use, Upstream? upstream)
    {
        using var data = StreamingDataset.Open(shards.Location);
        var rounds = Enumerable.Range(0, Comparison.Rounds + 1).Select(_ => (
            Ours: Measure(data, use),
            Upstream: upstream?.Ask("get", shards.Location, UpstreamGets.ToString(CultureInfo.InvariantCulture)))).Skip(1).ToArray();
        var p50 = new Series(rounds.Select(static round => round.Ours.P50));
        var p99 = new Series(rounds.Select(static round => round.Ours.P99));
        if (upstream is null)
        {
            Console.WriteLine($"| {what} | {p50} | {p99} | | | | |");
            return;
        }

        var their50 = new Series(rounds.Select(static round => round.Upstream![0]));
        var their99 = new Series(rounds.Select(static round => round.Upstream![1]));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {p50} | {p99} | {their50} | {their99} | {their50.Median / p50.Median:N0}× | {their99.Median / p99.Median:N0}× |"));
    }

    private static (double P50, double P99) Measure(StreamingDataset data, Use use)
    {
        var random = new Random(1);
        var times = new long[Gets];
        for (var i = 0; i < times.Length; i++)
        {
            var id = random.NextInt64(data.Count);
            var start = Stopwatch.GetTimestamp();
            using (var sample = data[id])
            {
                use(sample);
            }

            times[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(times);
        return (Microseconds(times[Gets / 2]), Microseconds(times[Gets * 99 / 100]));
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
