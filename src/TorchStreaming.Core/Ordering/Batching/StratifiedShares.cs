// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Divides a global batch over streams in proportion.</summary>
internal static class StratifiedShares
{
    /// <summary>Computes how many samples of a global batch each stream gives: its share rounded down, and one more for those that lost
    /// most by it.</summary>
    /// <exception cref="ArgumentException">A stream's share is no sample.</exception>
    public static long[] Divide(ReadOnlySpan<double> proportions, long globalBatchSize)
    {
        var shares = new long[proportions.Length];
        var lost = new double[proportions.Length];
        var missing = globalBatchSize;
        for (var stream = 0; stream < shares.Length; stream++)
        {
            var exact = globalBatchSize * proportions[stream];
            shares[stream] = (long)exact;
            lost[stream] = exact - shares[stream];
            missing -= shares[stream];
        }

        var order = NumpyArgsort.Of(lost);
        for (var i = 1; i <= missing; i++)
        {
            shares[order[^i]]++;
        }

        for (var stream = 0; stream < shares.Length; stream++)
        {
            if (shares[stream] <= 0)
            {
                throw new ArgumentException(
                    $"Stream {stream} has proportion {proportions[stream]:R}, which is no sample of a global batch of {globalBatchSize}. "
                    + "Raise the batch size or the stream's proportion.");
            }
        }

        return shares;
    }
}
