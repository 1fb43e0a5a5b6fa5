// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The counts that an epoch is divided by.</summary>
internal sealed record PartitionShape(
    long SampleCount, int CanonicalNodes, int PhysicalNodes, int RanksPerNode, int WorkersPerRank, long BatchSize)
{
    /// <summary>Gets the first position of a canonical node; the node after the last begins at the number of samples.</summary>
    public long GetNodeStart(long canonicalNode) => GetNodeStart(canonicalNode, SampleCount, CanonicalNodes);

    /// <summary>Gets the first position of a canonical node.</summary>
    public static long GetNodeStart(long canonicalNode, long sampleCount, int canonicalNodes) =>
        (long)(Math.BigMul((ulong)canonicalNode, (ulong)sampleCount) / (ulong)canonicalNodes);
}
