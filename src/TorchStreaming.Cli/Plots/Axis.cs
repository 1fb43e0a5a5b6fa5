// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Cli;

/// <summary>Round numbers for the edge of a drawing.</summary>
internal static class Axis
{
    private static readonly (double Unit, string Suffix)[] Units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];

    /// <summary>Gets the multiples of 1, 2 or 5 times a power of ten that are in a range.</summary>
    /// <param name="min">Where the range begins.</param>
    /// <param name="max">Where it ends.</param>
    /// <param name="most">How many there may be at most.</param>
    /// <param name="leastStep">How far two of them must be apart, for example 1 for counts.</param>
    /// <returns>The numbers, ascending; one for a range without width.</returns>
    public static IReadOnlyList<double> Ticks(double min, double max, int most, double leastStep = 0)
    {
        var width = max - min;
        if (!(width > 0) || !double.IsFinite(width))
        {
            return [min];
        }

        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(width / most, leastStep))));
        foreach (var factor in (double[])[1, 2, 5, 10])
        {
            var first = Math.Ceiling(min / (step * factor));
            var count = (int)(Math.Floor(max / (step * factor)) - first) + 1;
            if (count <= most && step * factor >= leastStep)
            {
                return [.. Enumerable.Range(0, count).Select(i => (first + i) * step * factor)];
            }
        }

        return [min];
    }

    /// <summary>Renders a number in few letters, for example <c>0.25</c>, <c>1,995</c>, <c>40k</c> or <c>2.5M</c>.</summary>
    public static string Label(double number)
    {
        foreach (var (unit, suffix) in Units)
        {
            if (Math.Abs(number) >= unit && Math.Abs(number) >= 1e4)
            {
                return (number / unit).ToString("#,0.###", CultureInfo.InvariantCulture) + suffix;
            }
        }

        return Math.Abs(number) is < 1e-3 and > 0
            ? number.ToString("G3", CultureInfo.InvariantCulture)
            : number.ToString("#,0.####", CultureInfo.InvariantCulture);
    }
}
