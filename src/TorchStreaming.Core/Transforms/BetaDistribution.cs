// SPDX-License-Identifier: MIT

namespace TorchStreaming.Transforms;

/// <summary>Draws from the symmetric beta distribution, the same numbers on every platform: two gamma variates (Marsaglia and Tsang, "A
/// simple method for generating gamma variables", 2000) and their share.</summary>
internal static class BetaDistribution
{
    private const double LeastPower = -700;

    /// <summary>Draws a number from 0 to 1.</summary>
    /// <param name="random">The source.</param>
    /// <param name="alpha">Both parameters, above 0; 1 is uniform.</param>
    public static double Draw(ref SampleRandom random, double alpha)
    {
        if (alpha == 1)
        {
            return random.NextDouble();
        }

        var first = DrawGamma(ref random, alpha);
        var second = DrawGamma(ref random, alpha);

        // With tiny parameters both may vanish; the distribution then is one of its ends.
        return first + second > 0 ? first / (first + second) : random.NextBoolean() ? 1 : 0;
    }

    private static double DrawGamma(ref SampleRandom random, double alpha)
    {
        if (alpha < 1)
        {
            var power = StableMath.Log(1 - random.NextDouble()) / alpha;
            return DrawGamma(ref random, alpha + 1) * (power < LeastPower ? 0 : StableMath.Exp(power));
        }

        var d = alpha - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = DrawNormal(ref random);
            var root = 1 + (c * normal);
            var v = root * root * root;
            var uniform = 1 - random.NextDouble();
            if (v > 0 && StableMath.Log(uniform) < (0.5 * normal * normal) + d - (d * v) + (d * StableMath.Log(v)))
            {
                return d * v;
            }
        }
    }

    // Marsaglia's polar method.
    private static double DrawNormal(ref SampleRandom random)
    {
        while (true)
        {
            var x = random.NextDouble(-1, 1);
            var y = random.NextDouble(-1, 1);
            var square = (x * x) + (y * y);
            if (square is > 0 and < 1)
            {
                return x * Math.Sqrt(-2 * StableMath.Log(square) / square);
            }
        }
    }
}
