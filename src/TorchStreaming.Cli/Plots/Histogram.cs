// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>Numbers counted in ranges of equal width.</summary>
/// <param name="Least">Where the first range begins.</param>
/// <param name="Greatest">Where the last range ends.</param>
/// <param name="Counts">How many numbers each range holds.</param>
internal sealed record Histogram(double Least, double Greatest, long[] Counts)
{
    private const int MostRanges = 40;

    /// <summary>Counts numbers. Whole numbers of few kinds get a range each.</summary>
    /// <param name="numbers">The numbers, all finite.</param>
    public static Histogram Of(IReadOnlyList<double> numbers)
    {
        if (numbers.Count == 0)
        {
            return new Histogram(0, 0, []);
        }

        var (least, greatest) = (numbers.Min(), numbers.Max());
        if (greatest - least < MostRanges && numbers.All(double.IsInteger))
        {
            (least, greatest) = (least - 0.5, greatest + 0.5);
        }

        var width = greatest - least;
        var ranges = width == Math.Round(width) && width <= MostRanges ? Math.Max(1, (int)width) : MostRanges;
        var counts = new long[ranges];
        foreach (var number in numbers)
        {
            counts[width == 0 ? 0 : Math.Min(ranges - 1, (int)((number - least) / width * ranges))]++;
        }

        return new Histogram(least, greatest, counts);
    }
}
