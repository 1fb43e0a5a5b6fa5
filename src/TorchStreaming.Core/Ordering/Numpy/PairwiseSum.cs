// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Sums numbers in the order in which NumPy adds a contiguous vector, so that the rounding is the same.</summary>
internal static class PairwiseSum
{
    private const int Lanes = 8;
    private const int BlockLength = 128;

    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.Length < Lanes)
        {
            return AddOneByOne(0.0, values);
        }

        if (values.Length > BlockLength)
        {
            var half = values.Length / 2;
            half -= half % Lanes;
            return Of(values[..half]) + Of(values[half..]);
        }

        Span<double> lanes = stackalloc double[Lanes];
        values[..Lanes].CopyTo(lanes);
        var i = Lanes;
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                lanes[lane] += values[i + lane];
            }
        }

        var sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        return AddOneByOne(sum, values[i..]);
    }

    private static double AddOneByOne(double sum, ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
