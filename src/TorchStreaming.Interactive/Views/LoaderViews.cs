// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Caching;
using TorchStreaming.Loading;

namespace TorchStreaming.Interactive;

/// <summary>Shows what loaders and caches have done, and where a loop waits.</summary>
internal static class LoaderViews
{
    /// <summary>Writes a loader.</summary>
    public static void Write(BatchLoader loader, HtmlPage page)
    {
        page.Title($"{loader}");
        page.Table(["column", "shape of a value", "type", "layout"], loader.Columns.Select(static column => new[]
        {
            column.Name, BatchTable.Describe(column.Shape), $"{column.Type}", $"{column.Layout}",
        }));
        Write(loader.Statistics, page);
    }

    /// <summary>Writes a loader of tensors.</summary>
    public static void Write(StreamingDataLoader loader, HtmlPage page)
    {
        page.Title($"{loader}");
        Write(loader.Statistics, page);
    }

    /// <summary>Writes what a loader has done.</summary>
    public static void Write(LoaderStatistics statistics, HtmlPage page)
    {
        page.Title($"{statistics}");
        page.Facts(
            ("Loop waited", Share(statistics.WaitFraction, statistics.ConsumerWait)),
            ("… for the order", Seconds(statistics.OrderingWait)),
            ("… for shards", Seconds(statistics.DownloadWait)),
            ("… for decoding", Seconds(statistics.DecodeWait)),
            ($"Work of {statistics.Threads} {(statistics.Threads == 1 ? "thread" : "threads")}", Share(statistics.DecodeUtilization, statistics.DecodeBusy)),
            ("Read", $"{new ByteSize(statistics.Bytes)}"),
            ("Downloaded", $"{new ByteSize(statistics.Cache.DownloadedBytes)}"),
            ("Skipped samples", $"{statistics.SkippedSamples}"));
    }

    /// <summary>Writes what a cache has done.</summary>
    public static void Write(CacheStatistics statistics, HtmlPage page)
    {
        page.Title($"{statistics}");
        page.Facts(
            ("On disk", $"{new ByteSize(statistics.ResidentBytes)}"),
            ("Open shards", $"{statistics.OpenShards}"),
            ("Downloaded", $"{new ByteSize(statistics.DownloadedBytes)}"),
            ("Files, requests", $"{statistics.DownloadedFiles}, {statistics.DownloadRequests}"),
            ("Single samples ahead of their shards", $"{new ByteSize(statistics.SampleRequestBytes)} in {statistics.SampleRequests}"),
            ("Decompressed", $"{new ByteSize(statistics.DecompressedBytes)}"),
            ("Failed attempts, second requests", $"{statistics.FailedAttempts}, {statistics.HedgedRequests}"),
            ("Thrown away as damaged", $"{statistics.RejectedDownloads}"),
            ("Evicted", $"{statistics.Evictions}"));
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Share(double fraction, TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0} % ({time.TotalSeconds:0.###} s)");
}
