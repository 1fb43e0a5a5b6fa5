// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>How the samples of an epoch are divided over nodes and ranks.</summary>
/// <remarks>Mirrors <c>streaming.StreamingDataset(partition_algo=…)</c>.</remarks>
public enum PartitionAlgorithm
{
    /// <summary>Like <see cref="Orig"/>, and a run may also resume on a number of nodes that neither divides nor is divided by the
    /// canonical nodes, as long as the global batch size divides evenly over the nodes it began with. Mirrors <c>relaxed</c>, the
    /// default.</summary>
    Relaxed,

    /// <summary>Canonical nodes must divide, or be divided by, the physical nodes. Mirrors <c>orig</c>.</summary>
    Orig,
}
