// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Reading;

/// <summary>Measures the loader on samples that need no decoding, from files that the system holds in memory.</summary>
internal static class ReadBenchmark
{
    public const int BatchSize = 256;

    private static readonly int[] UpstreamWorkers = [0, 1, 2];

    public static StreamingDatasetOptions Options(bool shuffled) => new() { BatchSize = BatchSize, Shuffle = shuffled };

    /// <summary>Measures all workloads, or one of <c>arrays</c>, <c>bytes</c> and <c>small</c>.</summary>
    public static async Task<int> RunAsync(string? only = null)
    {
        using var upstream = Upstream.Start();
        Comparison.PrintHead($"Loaders with batches of {BatchSize}, warm files; upstream with the best of 0, 1 and 2 workers. "
            + "A limit reads or copies the same samples in the same order with one thread.");
        if (only is null or "arrays")
        {
            using var arrays = await SampleShards.CreateArraysAsync();
            Run(arrays, new ColumnSet(new NdArrayColumn("x", ElementType.Int32, [SampleShards.ArrayLength])), upstream);
        }

        if (only is null or "bytes")
        {
            using var blobs = await SampleShards.CreateBlobsAsync();
            Run(blobs, new ColumnSet(new BytesColumn("x", ColumnLayout.Dense, Blobs.Length)), upstream);
        }

        if (only is null or "small")
        {
            using var small = await SampleShards.CreateSmallAsync();
            Run(small, new ColumnSet(new ScalarColumn("a"), new ScalarColumn("b", ElementType.Float64)), upstream);
        }

        return 0;
    }

    private static void Run(SampleShards shards, ColumnSet columns, Upstream? upstream)
    {
        Run(shards, columns, upstream, shuffled: false);
        Run(shards, columns, upstream, shuffled: true);
    }

    private static void Run(SampleShards shards, ColumnSet columns, Upstream? upstream, bool shuffled)
    {
        using var one = new LoaderEpochs(shards, shuffled, 1, columns);
        using var two = new LoaderEpochs(shards, shuffled, 2, columns);
        using var raw = new RawSamples(shards, shuffled);
        var comparison = new Comparison($"{shards.Name}, {(shuffled ? "shuffled" : "sequential")}", "samples/s")
            .Add("loader, 1 thread", () => Rate.PerSecond(one.Read))
            .Add("loader, 2 threads", () => Rate.PerSecond(two.Read));
        if (upstream is not null)
        {
            var workers = UpstreamWorkers.MaxBy(count => Read(count, "0.5"));
            comparison.AddUpstream($"upstream, {workers} workers", () => Read(workers, "1"));
        }

        comparison
            .AddLimit("bare copies from mapped files", () => Rate.PerSecond(raw.Copy))
            .AddLimit("bare preads", () => Rate.PerSecond(raw.Pread))
            .Run();

        double Read(int workers, string seconds) => upstream.Ask(
            "read", shards.Location, shuffled ? "shuffled" : "sequential", workers.ToString(CultureInfo.InvariantCulture), seconds)[0];
    }
}
