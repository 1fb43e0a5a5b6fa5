// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TorchStreaming.Imaging;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Loading;

/// <summary>Measures the loader on JPEG shards: decode, random crop to 224, flip and normalize to float, beside a bare decode of the same
/// images by the same decoder, which is what no loader of whole images can beat.</summary>
internal static class ImageLoaderBenchmark
{
    public static async Task<int> RunAsync()
    {
        using var shards = await ImageShards.CreateAsync();
        var rounds = Enumerable.Range(0, 6).Select(_ => (
            Bare: MeasureBareDecode(shards.Location),
            One: MeasureLoader(shards.Location, threads: 1),
            Two: MeasureLoader(shards.Location, threads: 2))).Skip(1).ToArray();

        var bare = Median(rounds.Select(round => round.Bare));
        Console.WriteLine($"{ImageShards.ImageCount} JPEGs of 375 to 500 pixels, quality 92, batch 64; medians of {rounds.Length} interleaved rounds after one to warm up.");
        Console.WriteLine();
        Console.WriteLine("| what | images/s | of the bare decode |");
        Console.WriteLine("|---|---|---|");
        Show("bare full decode, 1 thread", bare, bare);
        Show("loader, 1 thread", Median(rounds.Select(round => round.One)), bare);
        Show("loader, 2 threads", Median(rounds.Select(round => round.Two)), bare);
        return 0;
    }

    private static void Show(string what, double rate, double bare) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {rate:F0} | {rate / bare:P0} |"));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double MeasureBareDecode(string location)
    {
        using var data = StreamingDataset.Open(location);
        using var decoder = ImageDecoders.Default.CreateDecoder();
        var pixels = new byte[500 * 500 * 4];
        var clock = Stopwatch.StartNew();
        for (var i = 0L; i < data.Count; i++)
        {
            using var sample = data[i];
            var encoded = sample.Bytes("x");
            if (!decoder.TryReadInfo(encoded, out var info))
            {
                throw new InvalidOperationException($"Sample {i} is not an image.");
            }

            var plan = decoder.Plan(encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), minimumScale: 1);
            decoder.Decode(encoded, plan, pixels.AsSpan(0, (int)plan.Size));
        }

        return data.Count / clock.Elapsed.TotalSeconds;
    }

    private static double MeasureLoader(string location, int threads)
    {
        using var data = StreamingDataset.Open(location, new StreamingDatasetOptions { BatchSize = 64, Shuffle = true });
        var transform = ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std);
        using var loader = new BatchLoader(
            data, new ColumnSet(new ImageColumn("x", transform), new ScalarColumn("y")), new BatchLoaderOptions { Threads = threads });
        var samples = 0L;
        var clock = Stopwatch.StartNew();
        foreach (var batch in loader)
        {
            samples += batch.Count;
        }

        return samples / clock.Elapsed.TotalSeconds;
    }
}
