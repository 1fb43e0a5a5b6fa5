// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Upstream's names of the partition algorithms.</summary>
public static class PartitionAlgorithmNames
{
    private static readonly UpstreamNames<PartitionAlgorithm> Names = new(
        "partition algorithm",
        ("relaxed", PartitionAlgorithm.Relaxed),
        ("orig", PartitionAlgorithm.Orig));

    /// <summary>Finds the algorithm of a name.</summary>
    /// <param name="name">Upstream's name: <c>relaxed</c> or <c>orig</c>; case matters.</param>
    /// <returns>The algorithm.</returns>
    /// <exception cref="ArgumentException">No algorithm has the name; the message lists those there are.</exception>
    public static PartitionAlgorithm Parse(string name) => Names.Parse(name);

    /// <summary>Gets the name of an algorithm.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>Upstream's name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static string ToName(this PartitionAlgorithm algorithm) => Names.NameOf(algorithm);
}
