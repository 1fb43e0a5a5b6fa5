// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>One cold epoch over a link with a loop that takes its time, in a process of its own.</summary>
internal static class PlanRow
{
    public static async Task<int> RunAsync(string address)
    {
        var local = Path.Combine(LinkData.Folder, $"torchstreaming-plan-{Environment.ProcessId}");
        try
        {
            // The first time code is loaded and compiled as well; the epoch is measured without that.
            await MeasureAsync(address, Path.Combine(local, "start"), batches: 3);
            var (first, epoch) = await MeasureAsync(address, Path.Combine(local, "epoch"), batches: int.MaxValue);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first} {epoch}"));
            return 0;
        }
        finally
        {
            LinkData.Delete(local);
        }
    }

    private static async Task<(double First, double Epoch)> MeasureAsync(string address, string local, int batches)
    {
        var clock = Stopwatch.StartNew();
        await using var dataset = await StreamingDataset.OpenAsync(
            address, new StreamingDatasetOptions { Local = local, Shuffle = true, BatchSize = PlanBenchmark.BatchSize });
        await using var loader = new BatchLoader(dataset, new ColumnSet(new BytesColumn("x")));
        var first = 0.0;
        var count = 0;
        await foreach (var batch in loader.ReadEpochAsync())
        {
            first = count == 0 ? clock.Elapsed.TotalSeconds : first;
            await Task.Delay(PlanBenchmark.StepTime, TimeProvider.System);
            if (++count == batches)
            {
                break;
            }
        }

        return (first, clock.Elapsed.TotalSeconds);
    }
}
