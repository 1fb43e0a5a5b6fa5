// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Ordering;

namespace TorchStreaming.Benchmarks.Ordering;

/// <summary>Measures how random the orders are, as upstream's simulator does (the harmonic mean of the entropies of the distances between
/// neighboring samples and between their shards), and how often neighbors come from one shard.</summary>
internal static class OrderingQuality
{
    private const long Samples = 4_000_000;

    public static int Run()
    {
        Console.WriteLine($"{Samples} samples in shards of {OrderingRow.ShardSize}, 1 canonical node, epoch 0");
        Console.WriteLine();
        Console.WriteLine("| algorithm | block | entropy (bits) | of naive | same shard as before | shards per 100,000 samples |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var naive = Measure("naive", null);
        Show("naive", null, naive, naive);
        foreach (var algorithm in (string[])["py1e", "py1br", "py1b", "py1s", "py2s", "indexed", "none"])
        {
            foreach (var block in (long[])(algorithm is "py1e" or "py1br" or "py1b" or "indexed" ? [1 << 16, 1 << 18, 1 << 20] : [1 << 18]))
            {
                Show(algorithm, block, Measure(algorithm, block), naive);
            }
        }

        return 0;
    }

    private static OrderQuality Measure(string algorithm, long? block)
    {
        var options = OrderingRow.CreateOptions(algorithm, Samples) with { ShuffleBlockSize = block };
        return OrderQuality.Measure(new SampleOrder(options));
    }

    private static void Show(string algorithm, long? block, OrderQuality quality, OrderQuality naive) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {algorithm} | {block} | {quality.Entropy:F3} | {quality.Entropy / naive.Entropy:P2} | {quality.SameShardShare:P3} | "
        + $"{quality.ShardsPerStretch:F0} |"));
}
