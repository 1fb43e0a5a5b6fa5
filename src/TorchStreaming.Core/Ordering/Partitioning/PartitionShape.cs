// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The counts that an epoch is divided by.</summary>
internal sealed record PartitionShape(
    long SampleCount, int CanonicalNodes, int PhysicalNodes, int RanksPerNode, int WorkersPerRank, long BatchSize)
{
    /// <summary>Gets the counts of an epoch.</summary>
    /// <param name="request">The epoch.</param>
    /// <param name="sampleCount">The samples of one stream or all of them.</param>
    public static PartitionShape Of(OrderRequest request, long sampleCount) => new(
        sampleCount,
        request.State.NumCanonicalNodes,
        request.World.NodeCount,
        request.World.RanksPerNode,
        request.Workers,
        request.Options.BatchSize);

    /// <summary>Gets the first position of a canonical node; the node after the last begins at the number of samples.</summary>
    public long GetNodeStart(long canonicalNode) => GetNodeStart(canonicalNode, SampleCount, CanonicalNodes);

    /// <summary>Gets the first position of a canonical node.</summary>
    public static long GetNodeStart(long canonicalNode, long sampleCount, int canonicalNodes) => FitsInLong(sampleCount, canonicalNodes)
        ? canonicalNode * sampleCount / canonicalNodes
        : (long)(Math.BigMul((ulong)canonicalNode, (ulong)sampleCount) / (ulong)canonicalNodes);

    /// <summary>Finds the canonical node of a position: the last that begins at or before it, so that node · N &lt; (position + 1) ·
    /// C.</summary>
    public static int FindNode(long position, long sampleCount, int canonicalNodes) => FitsInLong(sampleCount, canonicalNodes)
        ? (int)((((position + 1) * canonicalNodes) - 1) / sampleCount)
        : (int)((Math.BigMul((ulong)(position + 1), (ulong)canonicalNodes) - 1) / (ulong)sampleCount);

    private static bool FitsInLong(long sampleCount, int canonicalNodes) => sampleCount <= long.MaxValue / canonicalNodes;
}
