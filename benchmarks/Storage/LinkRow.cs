// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>One cold epoch over a link, from opening the dataset to the last batch, in a process of its own.</summary>
internal static class LinkRow
{
    public static async Task<int> RunAsync(string address, LinkProfile profile)
    {
        var local = Path.Combine(LinkData.Folder, $"torchstreaming-link-{Environment.ProcessId}");
        try
        {
            // The first time code is loaded and compiled as well; the epoch is measured without that.
            var start = await MeasureAsync(address, Path.Combine(local, "start"), batches: 1);
            var epoch = await MeasureAsync(address, Path.Combine(local, "epoch"), batches: long.MaxValue);
            var carried = (epoch.Cache.DownloadedBytes + epoch.Cache.SampleRequestBytes) / epoch.Arrived;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {profile} | {epoch.Samples} | {carried / 1e6:F0} | {100 * carried / profile.Bandwidth:F1} % "
                + $"| {epoch.Samples * LinkData.SampleSize / epoch.Elapsed / 1e6:F0} | {start.First:F2} | {epoch.First:F2} "
                + $"| {epoch.Second:F2} | {100 * epoch.Processor / epoch.Elapsed:F0} % | {epoch.Cache.FailedAttempts} | {epoch.Cache.HedgedRequests} |"));
            return 0;
        }
        finally
        {
            LinkData.Delete(local);
        }
    }

    private static async Task<Result> MeasureAsync(string address, string local, long batches)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await using var dataset = await StreamingDataset.OpenAsync(
            address, new StreamingDatasetOptions { Local = local, Shuffle = true, BatchSize = LinkData.BatchSize, DownloadRetry = 5 });
        await using var loader = new BatchLoader(dataset, new ColumnSet(new BytesColumn("x")));
        using var ended = new CancellationTokenSource();
        var arrival = AwaitArrivalAsync(dataset, clock, ended.Token);
        var times = new List<double>();
        var samples = 0L;
        await foreach (var batch in loader.ReadEpochAsync())
        {
            samples += batch.Count;
            times.Add(clock.Elapsed.TotalSeconds);
            if (times.Count == batches)
            {
                break;
            }
        }

        var elapsed = clock.Elapsed.TotalSeconds;
        await ended.CancelAsync();
        process.Refresh();
        var busy = (process.TotalProcessorTime - processor).TotalSeconds;
        return new Result(samples, await arrival, elapsed, times[0], times[Math.Min(1, times.Count - 1)], busy, dataset.CacheStatistics);
    }

    /// <summary>Gets when the last shard was there: from then on the link has nothing to carry.</summary>
    private static async Task<double> AwaitArrivalAsync(StreamingDataset dataset, Stopwatch clock, CancellationToken ended)
    {
        var shards = dataset.Indexes.Sum(static index => index.Shards.Length);
        while (dataset.CacheStatistics.DownloadedFiles < shards && !ended.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }

        return clock.Elapsed.TotalSeconds;
    }

    private sealed record Result(
        long Samples, double Arrived, double Elapsed, double First, double Second, double Processor, CacheStatistics Cache);
}
