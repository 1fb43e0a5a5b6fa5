// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>One cold epoch over a link, from opening the data set to the last batch, in a process of its own.</summary>
internal static class LinkRow
{
    public static async Task<int> RunAsync(string address, LinkProfile profile)
    {
        var local = Path.Combine(LinkData.Folder, $"torchstreaming-link-{Environment.ProcessId}");
        try
        {
            await MeasureAsync(address, local, profile);
            return 0;
        }
        finally
        {
            if (Directory.Exists(local))
            {
                Directory.Delete(local, recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(string address, string local, LinkProfile profile)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await using var dataset = await StreamingDataset.OpenAsync(
            address, new StreamingDatasetOptions { Local = local, Shuffle = true, BatchSize = LinkData.BatchSize, DownloadRetry = 5 });
        await using var loader = new BatchLoader(
            dataset, new ColumnSet(new BytesColumn("x")));
        var first = TimeSpan.Zero;
        var second = TimeSpan.Zero;
        var samples = 0L;
        await foreach (var batch in loader.ReadEpochAsync())
        {
            samples += batch.Count;
            if (first == TimeSpan.Zero)
            {
                first = clock.Elapsed;
            }
            else if (second == TimeSpan.Zero)
            {
                second = clock.Elapsed;
            }
        }

        var elapsed = clock.Elapsed.TotalSeconds;
        process.Refresh();
        processor = process.TotalProcessorTime - processor;
        var cache = dataset.CacheStatistics;
        var carried = (double)(cache.DownloadedBytes + cache.SampleRequestBytes);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {profile} | {samples} | {carried / elapsed / 1e6:F0} | {100 * carried / elapsed / profile.Bandwidth:F1} % "
            + $"| {cache.DownloadedBytes / elapsed / 1e6:F0} | {first.TotalSeconds:F2} | {second.TotalSeconds:F2} "
            + $"| {100 * processor.TotalSeconds / elapsed:F0} % | {cache.FailedAttempts} | {cache.HedgedRequests} |"));
    }
}
