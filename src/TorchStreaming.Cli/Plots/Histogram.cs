// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>Numbers counted in ranges of equal width.</summary>
/// <param name="Least">Where the first range begins.</param>
/// <param name="Greatest">Where the last range ends.</param>
/// <param name="Counts">How many numbers each range holds.</param>
/// <param name="Whole">Whether all numbers are whole.</param>
internal sealed record Histogram(double Least, double Greatest, long[] Counts, bool Whole)
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

        var (least, greatest) = (numbers.Min(), numbers.Max());
        var whole = numbers.All(double.IsInteger);
        var ranges = MostRanges;
        if (whole)
        {
            // Each range holds equally many whole numbers; otherwise evenly spread ones would look like a comb.
            var each = Math.Ceiling((greatest - least + 1) / MostRanges);
            ranges = (int)Math.Ceiling((greatest - least + 1) / each);
            (least, greatest) = (least - 0.5, least - 0.5 + (ranges * each));
        }

        var width = greatest - least;
        var counts = new long[ranges];
        foreach (var number in numbers)
        {
            counts[width == 0 ? 0 : Math.Min(ranges - 1, (int)((number - least) / width * ranges))]++;
        }

        return new Histogram(least, greatest, counts, whole);
    }
}
