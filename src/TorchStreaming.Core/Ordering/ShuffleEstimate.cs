// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>How random an order is, judged by its beginning.</summary>
/// <param name="Quality">The measures.</param>
/// <param name="FullEntropy">What <see cref="OrderQuality.Entropy"/> would be if each sample came from anywhere in the dataset.</param>
/// <param name="Samples">The samples that were looked at.</param>
/// <remarks>Entropies are estimated from a histogram of distances whose bins grow with the distance, 64 for each doubling. It does not
/// need an epoch in memory, and unlike a count of every single distance (<see cref="OrderQuality.Measure"/>) it does not come out lower
/// because few samples were looked at.</remarks>
internal sealed record ShuffleEstimate(OrderQuality Quality, double FullEntropy, long Samples)
{
    /// <summary>Gets the entropy as a share of a full shuffle's; about 1 is as good as it gets.</summary>
    public double ShareOfFull => FullEntropy > 0 ? Quality.Entropy / FullEntropy : 1;
}
