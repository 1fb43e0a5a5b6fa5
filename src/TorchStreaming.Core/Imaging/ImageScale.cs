// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>The scale at which a decoder delivers an image: an edge of <c>n</c> pixels becomes <c>⌈n·Numerator/Denominator⌉</c>.</summary>
/// <param name="Numerator">The numerator, at least 1.</param>
/// <param name="Denominator">The denominator, at least <paramref name="Numerator"/>.</param>
internal readonly record struct ImageScale(int Numerator, int Denominator)
{
    /// <summary>Gets the scale of an image that is not reduced.</summary>
    public static ImageScale Full => new(1, 1);

    /// <summary>Gets whether the image is not reduced.</summary>
    public bool IsFull => Numerator == Denominator;

    /// <summary>Gets the scale as a number.</summary>
    public double Factor => (double)Numerator / Denominator;

    /// <summary>Gets the smallest of the scales 1, 1/2, 1/4 and 1/8 that is not below a minimum.</summary>
    /// <param name="minimum">The minimum, above 0; from 1 on the answer is 1.</param>
    /// <returns>The scale.</returns>
    /// <remarks>Decoders that reduce use these scales and no others, so that every decoder delivers the same pixels; they are also the
    /// scales whose inverse transforms are fast.</remarks>
    public static ImageScale SmallestAtLeast(double minimum)
    {
        var denominator = 1;
        while (denominator < 8 && minimum * denominator * 2 <= 1)
        {
            denominator *= 2;
        }

        return new ImageScale(1, denominator);
    }

    /// <summary>Gets the length of an edge at this scale.</summary>
    /// <param name="length">The length in full-size pixels.</param>
    /// <returns>The length, rounded up.</returns>
    public int Apply(int length) => checked((int)((((long)length * Numerator) + Denominator - 1) / Denominator));
}
