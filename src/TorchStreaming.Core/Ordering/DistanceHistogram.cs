// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TorchStreaming.Ordering;

/// <summary>Counts distances in bins that grow with them: 128 of one number each, then 64 for each doubling.</summary>
internal sealed class DistanceHistogram
{
    private const int BitsInBin = 6;
    private const int BinsPerDoubling = 1 << BitsInBin;

    private readonly long[] _counts = new long[(65 - BitsInBin) * BinsPerDoubling];
    private long _total;

    /// <summary>Counts a distance.</summary>
    public void Add(long distance)
    {
        _counts[GetBin((ulong)distance)]++;
        _total++;
    }

    /// <summary>Gets the entropy of the distances in bits, those of a bin taken to be equally frequent.</summary>
    public double GetEntropy()
    {
        var entropy = 0.0;
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            if (_counts[bin] > 0)
            {
                var share = (double)_counts[bin] / _total;
                entropy += share * (GetWidthBits(bin) - Math.Log2(share));
            }
        }

        return entropy;
    }

    private static int GetBin(ulong distance)
    {
        var shift = Math.Max(0, BitOperations.Log2(distance | 1) - BitsInBin);
        return (shift * BinsPerDoubling) + (int)(distance >> shift);
    }

    /// <summary>Gets the logarithm of how many distances share a bin.</summary>
    private static int GetWidthBits(int bin) => Math.Max(0, (bin / BinsPerDoubling) - 1);
}
