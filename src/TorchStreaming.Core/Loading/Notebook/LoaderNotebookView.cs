// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Loading;

/// <summary>Shows what a loader has done, and where its loop waits.</summary>
internal static class LoaderNotebookView
{
    /// <summary>Writes statistics.</summary>
    public static void Write(LoaderStatistics statistics, NotebookPage page)
    {
        page.Title(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(statistics.Samples, "sample")} in {Counted.Of(statistics.Batches, "batch", "batches")}, {statistics.SamplesPerSecond:0} samples/s"));
        page.Facts(
            ("Bottleneck", statistics.BottleneckStage.ToString()),
            ("Loop waited", Share(statistics.WaitFraction, statistics.ConsumerWait)),
            ("… for the order", Seconds(statistics.OrderingWait)),
            ("… for shards", Seconds(statistics.DownloadWait)),
            ("… for decoding", Seconds(statistics.DecodeWait)),
            ($"{Counted.Of(statistics.Threads, "thread")} worked", Share(statistics.DecodeUtilization, statistics.DecodeBusy)),
            ("Read", $"{new ByteSize(statistics.Bytes)}"),
            ("Downloaded", $"{new ByteSize(statistics.Cache.DownloadedBytes)}"),
            ("Skipped samples", $"{statistics.SkippedSamples}"));
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Share(double fraction, TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0} % ({time.TotalSeconds:0.###} s)");
}
