// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming;

namespace MixedStreams;

/// <summary>Reads epochs of a mix and counts what really came from where.</summary>
internal static class Mix
{
    /// <summary>Reads two epochs and prints a line for each stream.</summary>
    public static async Task ShowAsync(
        string title, IReadOnlyList<string> names, IReadOnlyList<DataStream> streams, StreamingDatasetOptions options)
    {
        await using var dataset = await StreamingDataset.OpenAsync(streams, options);
        await using var loader = new BatchLoader(
            dataset, new ColumnSet(new ScalarColumn("source"), new ScalarColumn("number")), new BatchLoaderOptions { NumWorkers = 2 });
        Console.WriteLine();
        Console.WriteLine($"{title}: an epoch has {dataset.EpochSize} samples");
        var seen = streams.Select(static _ => new Dictionary<long, int>()).ToArray();
        var epochs = new int[2, streams.Count];
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var batch in loader)
            {
                var sources = batch.GetValues<long>("source");
                var numbers = batch.GetValues<long>("number");
                for (var row = 0; row < batch.Count; row++)
                {
                    var source = (int)sources[row];
                    epochs[epoch, source]++;
                    seen[source][numbers[row]] = seen[source].GetValueOrDefault(numbers[row]) + 1;
                }
            }
        }

        for (var i = 0; i < streams.Count; i++)
        {
            Require(epochs[0, i] == dataset.StreamEpochSizes[i] && epochs[1, i] == epochs[0, i], $"{names[i]} does not have its share");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {names[i],-6} {dataset.Indexes[i].SampleCount,5} samples: {epochs[0, i],5} an epoch, {100.0 * epochs[0, i] / dataset.EpochSize,5:0.0} %; "
                + $"after two epochs {seen[i].Count} were seen, {seen[i].Values.Min()} to {seen[i].Values.Max()} times each"));
        }
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Something is wrong: {problem}.");
        }
    }
}
