// SPDX-License-Identifier: MIT

namespace TorchStreaming.Transforms;

/// <summary>Functions whose results are the same on every machine. Those of <see cref="Math"/> come from the platform's C library and may differ in
/// the last bit, which is enough to shift a random crop by a pixel.</summary>
internal static class StableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double LogGrid = 1L << 40;
    private const int Terms = 14;

    /// <summary>Computes e to the power of x, to about two units in the last place, by additions, multiplications and divisions alone.</summary>
    /// <param name="x">The power, from -700 to 700.</param>
    public static double Exp(double x)
    {
        // x = k·ln 2 + rest, |rest| ≤ 0.35, so that 14 terms of the series suffice. The upper part of ln 2 has trailing zeros: its product with k is exact.
        var k = Math.Round(x / (Ln2High + Ln2Low), MidpointRounding.ToEven);
        var rest = x - (k * Ln2High) - (k * Ln2Low);
        var sum = 1.0;
        for (var i = Terms; i >= 1; i--)
        {
            sum = 1 + (sum * rest / i);
        }

        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>Computes the natural logarithm, rounded to a multiple of 2⁻⁴⁰, which hides what platforms differ in.</summary>
    /// <param name="x">The number, above 0.</param>
    public static double Log(double x) => Math.Round(Math.Log(x) * LogGrid, MidpointRounding.ToEven) / LogGrid;
}
