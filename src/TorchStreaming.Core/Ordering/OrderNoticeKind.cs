// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>What an <see cref="OrderNotice"/> is about.</summary>
internal enum OrderNoticeKind
{
    /// <summary>Nobody gave the canonical nodes.</summary>
    CanonicalNodesChosen,

    /// <summary>There are fewer samples than canonical nodes.</summary>
    FewerSamplesThanCanonicalNodes,

    /// <summary>There are fewer samples on a node than ranks.</summary>
    FewerSamplesThanRanks,

    /// <summary>Shards are larger than what <c>py1e</c> mixes.</summary>
    BlockSmallerThanShard,

    /// <summary>The state is within a batch, and the epoch continues before it.</summary>
    ResumedWithinBatch,

    /// <summary>The state is between the nodes, and the epoch continues before it.</summary>
    ResumedBetweenNodes,

    /// <summary>A state counts samples under replication.</summary>
    ResumedUnderReplication,

    /// <summary>The method makes whole batches of each stream and leaves the rest out.</summary>
    IncompleteBatchesLeftOut,
}
