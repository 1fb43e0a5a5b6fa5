// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text;
using TorchStreaming.Loading;
using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>Measures the time from opening a local dataset to its first batch, in a process that has just started and in one that has done
/// it before. The shards of a dataset are links to one file.</summary>
internal static class FirstBatchBenchmark
{
    private const int ShardSize = 10_000;

    private static readonly string[] Sizes = ["1m", "10m", "100m"];

    public static int Run()
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Local shards of {ShardSize} samples of 4 bytes, batches of 256, 2 threads; {Environment.ProcessorCount} processors, "
            + $".NET {Environment.Version}. Milliseconds from opening to the first batch; warm: the median of 9 more times."));
        Console.WriteLine();
        Console.WriteLine("| samples | order | first in the process | warm |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var size in Sizes)
        {
            var folder = Path.Combine(LinkData.Folder, $"torchstreaming-first-{Environment.ProcessId}");
            try
            {
                WriteAsync(folder, (int)(SampleCount.Parse(size).Samples / ShardSize)).GetAwaiter().GetResult();
                foreach (var order in (string[])["none", "indexed", "py1e"])
                {
                    var row = BenchmarkProcess.RunSelf(["first-batch-row", order, folder], asUsers: true);
                    Console.WriteLine($"| {size} | {order} {row ?? "| failed |"}");
                }
            }
            finally
            {
                LinkData.Delete(folder);
            }
        }

        return 0;
    }

    public static int RunRow(string order, string folder)
    {
        var options = new StreamingDatasetOptions
        {
            BatchSize = 256,
            Shuffle = order != "none",
            ShuffleAlgorithm = order == "none" ? ShuffleAlgorithm.Py1E : OrderNames.Parse<ShuffleAlgorithm>(order),
        };
        var times = Enumerable.Range(0, 10).Select(_ => Measure(folder, options)).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {times[0]:F1} | {times[1..].Order().ElementAt((times.Length - 1) / 2):F1} |"));
        return 0;
    }

    private static double Measure(string folder, StreamingDatasetOptions options)
    {
        var clock = Stopwatch.StartNew();
        using var dataset = StreamingDataset.Open(folder, options);
        using var loader = new BatchLoader(
            dataset,
            new ColumnSet(new ScalarColumn("x")),
            new BatchLoaderOptions { Threads = 2 });
        using var batches = loader.GetEnumerator();
        batches.MoveNext();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task WriteAsync(string folder, int shards)
    {
        await using (var writer = await MdsWriter.CreateAsync(folder, new Dictionary<string, string> { ["x"] = "uint32" }))
        {
            for (var i = 0; i < ShardSize; i++)
            {
                writer.Row.Set("x", (uint)i);
                await writer.WriteRowAsync();
            }

            await writer.CompleteAsync();
        }

        var index = Path.Combine(folder, DatasetIndex.FileName);
        var text = await File.ReadAllTextAsync(index);
        var start = text.IndexOf('[', text.IndexOf("\"shards\"", StringComparison.Ordinal)) + 1;
        var shard = text[start..text.LastIndexOf(']')];
        var all = new StringBuilder(text[..start]).Append(shard);
        for (var i = 1; i < shards; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"shard.{i:D5}.mds");
            all.Append(',').Append(shard.Replace("shard.00000.mds", name, StringComparison.Ordinal));
            File.CreateSymbolicLink(Path.Combine(folder, name), "shard.00000.mds");
        }

        await File.WriteAllTextAsync(index, all.Append(text[text.LastIndexOf(']')..]).ToString());
    }
}
