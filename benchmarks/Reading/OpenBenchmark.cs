// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TorchStreaming.Benchmarks.Reading;

/// <summary>Measures what opening a dataset costs by its number of shards. Every row runs in a process of its own, so that its memory is
/// its own.</summary>
internal static class OpenBenchmark
{
    /// <summary>Upstream takes minutes for more.</summary>
    private const int MostOfUpstream = 60_000;

    private static readonly int[] Counts = [1_000, 10_000, 60_000, 1_000_000];

    public static int Run()
    {
        Console.WriteLine("Opening a remote dataset whose index is there and whose shards are not; the second open finds what the first left "
            + "in the local folder. Each in a process of its own; the best of three.");
        Console.WriteLine();
        Console.WriteLine("| shards | what | index MB | open ms | µs per shard | memory bytes per shard |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var count in Counts)
        {
            var folder = Directory.CreateTempSubdirectory("torchstreaming-benchmark-").FullName;
            try
            {
                Run(folder, count);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    /// <summary>Opens a dataset once and prints milliseconds and bytes.</summary>
    public static int RunRow(string remote, string local)
    {
        // What the first use of the library costs is another matter.
        using (StreamingDataset.Open(Path.Combine(remote, "one"), new StreamingDatasetOptions { Local = local + "-one" }))
        {
        }

        var before = Resident();
        var clock = Stopwatch.StartNew();
        using var data = StreamingDataset.Open(remote, new StreamingDatasetOptions { Local = local });
        var elapsed = clock.Elapsed.TotalMilliseconds;
        GC.Collect();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed} {Resident() - before}"));
        return 0;
    }

    private static void Run(string folder, int count)
    {
        var remote = Path.Combine(folder, "remote");
        WriteIndex(remote, count);
        WriteIndex(Path.Combine(remote, "one"), 1);
        var megabytes = new FileInfo(Path.Combine(remote, "index.json")).Length / 1e6;
        var rows = Enumerable.Range(0, 3).Select(i =>
        {
            var local = Path.Combine(folder, $"local-{i}");
            return (First: Measure(remote, local), Second: Measure(remote, local));
        }).ToArray();
        Show("first open", rows.Select(static row => row.First).MinBy(static row => row[0])!);
        Show("second open", rows.Select(static row => row.Second).MinBy(static row => row[0])!);
        if (count > MostOfUpstream)
        {
            return;
        }

        var theirs = Enumerable.Range(0, 3).Select(i => MeasureUpstream(remote, Path.Combine(folder, $"upstream-{i}"))).ToArray();
        if (theirs.All(static row => row is not null))
        {
            Show("upstream", theirs.MinBy(static row => row![0])!);
        }

        void Show(string what, double[] row) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {count:N0} | {what} | {megabytes:N1} | {row[0]:N1} | {row[0] * 1e3 / count:N2} | {row[1] / count:N0} |"));
    }

    private static double[] Measure(string remote, string local) =>
        [.. BenchmarkProcess.RunSelf(["open-row", remote, local])!.Split(' ').Select(static part => double.Parse(part, CultureInfo.InvariantCulture))];

    private static double[]? MeasureUpstream(string remote, string local)
    {
        using var upstream = Upstream.Start();
        return upstream?.Ask("open", remote, local);
    }

    private static void WriteIndex(string folder, int shards)
    {
        Directory.CreateDirectory(folder);
        using var index = new StreamWriter(Path.Combine(folder, "index.json"), append: false, new UTF8Encoding(false), 1 << 20);
        index.Write("{\"shards\": [");
        for (var i = 0; i < shards; i++)
        {
            index.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ", ")}{{\"column_encodings\": [\"bytes\", \"int\"], \"column_names\": [\"x\", \"y\"], \"column_sizes\": [null, 8], "
                + $"\"compression\": null, \"format\": \"mds\", \"hashes\": [\"sha1\"], \"raw_data\": {{\"basename\": \"shard.{i:D5}.mds\", "
                + $"\"bytes\": {67_000_000 + (i % 1000)}, \"hashes\": {{\"sha1\": \"{i:x40}\"}}}}, \"samples\": {1_000 + (i % 7)}, "
                + $"\"size_limit\": 67108864, \"version\": 2, \"zip_data\": null}}"));
        }

        index.Write("], \"version\": 2}\n");
    }

    private static long Resident() => Environment.WorkingSet;
}
