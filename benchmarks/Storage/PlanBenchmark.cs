// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Ordering;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>Holds the simulator's predictions against measured cold epochs over links: the time to the first batch and that of the
/// epoch.</summary>
internal static class PlanBenchmark
{
    public const int BatchSize = 64;

    private const int Samples = 8_000;
    private const int Rounds = 3;

    private static readonly LinkProfile[] Links =
    [
        new(TimeSpan.FromMilliseconds(5), 200e6, 0),
        new(TimeSpan.FromMilliseconds(50), 50e6, 0),
        new(TimeSpan.FromMilliseconds(200), 100e6, 0),
    ];

    /// <summary>How long the loop holds a batch.</summary>
    public static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(40);

    public static async Task<int> RunAsync()
    {
        Console.WriteLine($"{Samples} samples of {LinkData.SampleSize} bytes, shards of 8 MiB, shuffled, batches of {BatchSize}, steps of 40 ms.");
        Console.WriteLine(
            "| link | shards | first batch: predicted (s) | measured (s) | epoch: predicted (s) | measured (s) | off |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var compression in (string?[])[null, "zstd:3"])
        {
            var folder = Path.Combine(LinkData.Folder, $"torchstreaming-plan-data-{Environment.ProcessId}");
            try
            {
                await LinkData.WriteAsync(folder, Samples, compression, ByteSize.MiB(8));
                foreach (var link in Links)
                {
                    await CompareAsync(folder, link, compression ?? "raw");
                }
            }
            finally
            {
                LinkData.Delete(folder);
            }
        }

        return 0;
    }

    private static async Task CompareAsync(string folder, LinkProfile link, string compression)
    {
        var predicted = await PredictAsync(folder, link);
        var measured = Enumerable.Range(0, Rounds).Select(_ => Measure(folder, link)).ToList();
        var first = measured.ConvertAll(static round => round.First).Order().ElementAt(Rounds / 2);
        var epoch = measured.ConvertAll(static round => round.Epoch).Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {link} | {compression} | {predicted.FirstBatch.TotalSeconds:F2} | {first:F2} | {predicted.Epoch.TotalSeconds:F1} | {epoch:F1} "
            + $"| {(predicted.Epoch.TotalSeconds / epoch) - 1:+0 %;-0 %;0 %} |"));
    }

    private static async Task<SimulatedRun> PredictAsync(string folder, LinkProfile link)
    {
        await using var dataset = await StreamingDataset.OpenAsync(folder, new StreamingDatasetOptions { BatchSize = BatchSize });
        var shards = dataset.Indexes.Single().Shards;
        return RunSimulator.Simulate(new TrainingRun
        {
            Order = new OrderOptions
            {
                Streams = [new StreamShape { ShardSizes = [.. shards.Select(static shard => shard.SampleCount)] }],
                BatchSize = BatchSize,
                Shuffle = true,
            },
            ShardBytes = [.. shards.Select(static shard => shard.RawBytes)],
            DownloadBytes = [.. shards.Select(static shard => shard.StoredBytes)],
            StepTime = StepTime,
            BytesPerSecond = link.Bandwidth,
            Latency = link.Latency,
        });
    }

    private static (double First, double Epoch) Measure(string folder, LinkProfile link)
    {
        using var server = BenchmarkProcess.StartSelf(["link-server", folder, .. link.Arguments]);
        try
        {
            var address = server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server failed.");
            var row = BenchmarkProcess.RunSelf(["plan-row", address], asUsers: true) ?? throw new InvalidOperationException("The client failed.");
            var numbers = row.Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return (numbers[0], numbers[1]);
        }
        finally
        {
            server.StandardInput.Close();
            server.WaitForExit();
        }
    }
}
