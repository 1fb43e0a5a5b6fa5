// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Benchmarks.Loading;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Benchmarks.Loading;

/// <summary>Measures TorchSharp's own loader over our dataset and sampler beside ours: the same samples, the same order, the same tensors.</summary>
internal static class TorchLoaderBenchmark
{
    private const int Workers = 2;

    public static async Task<int> RunAsync()
    {
        using var shards = await ImageShards.CreateAsync();
        var rounds = Enumerable.Range(0, 6).Select(_ => (Stock: MeasureStock(shards.Location), Ours: MeasureOurs(shards.Location))).Skip(1).ToArray();
        var stock = rounds.Select(round => round.Stock).Order().ElementAt(rounds.Length / 2);
        var ours = rounds.Select(round => round.Ours).Order().ElementAt(rounds.Length / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"JPEG, random crop to 224, flip, normalize, batch 64, {Workers} workers; medians of {rounds.Length} interleaved rounds: "
            + $"TorchSharp's DataLoader {stock:F0} images/s, StreamingDataLoader {ours:F0} images/s, ratio {ours / stock:F2}."));
        return 0;
    }

    private static StreamingImageNet Open(string location) => new(new()
    {
        Remote = location,
        NumCanonicalNodes = 1,
        BatchSize = 64,
        Shuffle = true,
        Transform = ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std),
    });

    private static double MeasureStock(string location)
    {
        using var data = Open(location);
        using var loader = utils.data.DataLoader(data, 64, data.CreateSampler(64, Workers), num_worker: Workers, disposeDataset: false);
        return Measure(loader);
    }

    private static double MeasureOurs(string location)
    {
        using var loader = new StreamingDataLoader(Open(location), numWorkers: Workers);
        return Measure(loader);
    }

    private static double Measure(IEnumerable<Dictionary<string, Tensor>> batches)
    {
        var samples = 0L;
        var clock = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            samples += batch["y"].shape[0];
        }

        return samples / clock.Elapsed.TotalSeconds;
    }
}
