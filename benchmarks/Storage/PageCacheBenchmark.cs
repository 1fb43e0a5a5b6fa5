// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>Measures epochs over local shards that are in the page cache, and that are not, beside a sequential read of the same files
/// around the page cache.</summary>
internal static partial class PageCacheBenchmark
{
    private const int Samples = 10_000;
    private const int Rounds = 5;
    private const int DontNeed = 4;

    public static async Task<int> RunAsync()
    {
        var folder = Path.Combine(
            Environment.GetEnvironmentVariable("TORCHSTREAMING_BENCHMARK_FOLDER") ?? Path.GetTempPath(),
            $"torchstreaming-pages-{Environment.ProcessId}");
        try
        {
            await LinkData.WriteAsync(folder, Samples, compression: null);
            BenchmarkProcess.Run("sync", []);
            Console.WriteLine("| round | order | around the cache (MB/s) | cold (MB/s) | of that | warm (MB/s) |");
            Console.WriteLine("|---|---|---|---|---|---|");
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var shuffle in (bool[])[false, true])
                {
                    var direct = ReadAround(folder);
                    Drop(folder);
                    var cold = ReadEpoch(folder, shuffle);
                    var warm = ReadEpoch(folder, shuffle);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {round + 1} | {(shuffle ? "py1e" : "none")} | {direct:F0} | {cold:F0} | {100 * cold / direct:F0} % "
                        + $"| {warm:F0} |"));
                }
            }

            return 0;
        }
        finally
        {
            LinkData.Delete(folder);
        }
    }

    private static double ReadEpoch(string folder, bool shuffle)
    {
        var clock = Stopwatch.StartNew();
        using var dataset = StreamingDataset.Open(
            folder, new StreamingDatasetOptions { Shuffle = shuffle, BatchSize = LinkData.BatchSize });
        using var loader = new BatchLoader(dataset, new ColumnSet(new BytesColumn("x")));
        var samples = 0L;
        foreach (var batch in loader)
        {
            samples += batch.Count;
        }

        return samples * LinkData.SampleSize / clock.Elapsed.TotalSeconds / 1e6;
    }

    private static double ReadAround(string folder)
    {
        var clock = Stopwatch.StartNew();
        var bytes = 0L;
        foreach (var file in Directory.GetFiles(folder, "*.mds"))
        {
            if (BenchmarkProcess.Run("dd", [$"if={file}", "of=/dev/null", "bs=4M", "iflag=direct"]) is not null)
            {
                bytes += new FileInfo(file).Length;
            }
        }

        return bytes / clock.Elapsed.TotalSeconds / 1e6;
    }

    private static void Drop(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            using var handle = File.OpenHandle(file);
            Marshal.ThrowExceptionForHR(Advise(handle.DangerousGetHandle().ToInt32(), 0, 0, DontNeed) == 0 ? 0 : -1);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
