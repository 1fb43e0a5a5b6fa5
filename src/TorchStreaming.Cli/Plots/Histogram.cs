// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>Numbers counted in ranges of equal width.</summary>
/// <param name="Min">Where the first range begins.</param>
/// <param name="Max">Where the last range ends.</param>
/// <param name="Counts">How many numbers each range holds.</param>
/// <param name="Whole">Whether all numbers are whole.</param>
internal sealed record Histogram(double Min, double Max, long[] Counts, bool Whole)
{
    private const int MostRanges = 40;

    /// <summary>Counts numbers. Of whole numbers every range holds equally many; few kinds get a range each.</summary>
    /// <param name="numbers">The numbers, all finite.</param>
    public static Histogram Of(IReadOnlyList<double> numbers)
    {
        if (numbers.Count == 0)
        {
            return new Histogram(0, 0, [], Whole: false);
        }

        var (min, max) = (numbers.Min(), numbers.Max());
        var whole = numbers.All(double.IsInteger);
        var ranges = MostRanges;
        if (whole)
        {
            // Each range holds equally many whole numbers; otherwise evenly spread ones would look like a comb.
            var each = Math.Ceiling((max - min + 1) / MostRanges);
            ranges = (int)Math.Ceiling((max - min + 1) / each);
            (min, max) = (min - 0.5, min - 0.5 + (ranges * each));
        }

        var width = max - min;
        var counts = new long[ranges];
        foreach (var number in numbers)
        {
            counts[width == 0 ? 0 : Math.Min(ranges - 1, (int)((number - min) / width * ranges))]++;
        }

        return new Histogram(min, max, counts, whole);
    }
}
