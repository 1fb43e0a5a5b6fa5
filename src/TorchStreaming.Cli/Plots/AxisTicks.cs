// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TorchStreaming.Cli;

/// <summary>Round numbers for an axis that begins at 0.</summary>
/// <param name="Step">The distance from one mark to the next.</param>
/// <param name="Count">How many marks follow the one at 0; the last one is at or above the largest value.</param>
internal readonly record struct AxisTicks(double Step, int Count)
{
    /// <summary>Gets the last mark.</summary>
    public double End => Step * Count;

    /// <summary>Chooses marks.</summary>
    /// <param name="largest">The largest value; 0 or more.</param>
    /// <param name="most">How many marks there is room for.</param>
    public static AxisTicks Choose(double largest, int most)
    {
        if (!(largest > 0) || !double.IsFinite(largest))
        {
            return new AxisTicks(1, 1);
        }

        var rough = largest / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double[] factors = [1, 2, 2.5, 5, 10];
        var step = power * factors.First(factor => factor * power >= rough * (1 - 1e-9));
        return new AxisTicks(step, Math.Max(1, (int)Math.Ceiling((largest / step) - 1e-9)));
    }

    /// <summary>Writes a mark.</summary>
    /// <param name="mark">Its number, from 0.</param>
    public string Label(int mark) => (mark * Step) switch
    {
        >= 1e9 and var large => (large / 1e9).ToString("#,0.###", CultureInfo.InvariantCulture) + "b",
        >= 1e6 and var large => (large / 1e6).ToString("#,0.###", CultureInfo.InvariantCulture) + "m",
        var value => value.ToString("#,0.######", CultureInfo.InvariantCulture),
    };
}
