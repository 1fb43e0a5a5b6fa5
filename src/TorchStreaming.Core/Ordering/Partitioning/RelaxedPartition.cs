// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Upstream's relaxed partition on a number of nodes that does not nest with the canonical nodes: the global batches are those of
/// the nodes that the epoch began on, dealt out again.</summary>
/// <remarks>Mirrors <c>streaming/base/partition/relaxed.py</c>.</remarks>
internal sealed class RelaxedPartition : Partition
{
    private readonly PartitionShape _shape;
    private readonly PartitionShape _initial;
    private readonly OrigPartition _partition;

    public RelaxedPartition(PartitionShape shape, long dropFirst, int initialPhysicalNodes)
    {
        var globalBatch = shape.PhysicalNodes * (long)shape.RanksPerNode * shape.BatchSize;
        var initialDevices = (long)initialPhysicalNodes * shape.RanksPerNode;
        if (globalBatch % initialDevices != 0)
        {
            throw new ResumeException(
                $"The global batch size {globalBatch} is not divisible by the {initialDevices} devices that the epoch began on "
                + $"({initialPhysicalNodes} nodes of {shape.RanksPerNode}). Choose a batch size for which it is.");
        }

        _shape = shape;
        _initial = shape with { PhysicalNodes = initialPhysicalNodes, BatchSize = globalBatch / initialDevices };
        _partition = new OrigPartition(_initial, dropFirst);
        var window = _partition.Window;
        // Within a global batch the ranks' shares are walked one after another.
        Window = window with { Lookback = checked((int)(window.Lookback + (globalBatch / shape.CanonicalNodes) + 1)) };
    }

    /// <inheritdoc/>
    public override long BatchesPerWorker => _partition.BatchesPerWorker;

    /// <inheritdoc/>
    public override long FullBatches => _partition.FullBatches;

    /// <inheritdoc/>
    public override ReadWindow Window { get; }

    /// <inheritdoc/>
    public override int CountLastBatch(int node, int rankOfNode)
    {
        var count = 0;
        for (var place = 0L; place < _shape.BatchSize; place++)
        {
            count += PositionAt(node, rankOfNode, (FullBatches * _shape.BatchSize) + place) == Padding ? 0 : 1;
        }

        return count;
    }

    /// <inheritdoc/>
    public override long PositionAt(int node, int rankOfNode, long slot)
    {
        var (batch, place) = Math.DivRem(slot, _shape.BatchSize);
        var inGlobalBatch = ((((long)node * _shape.RanksPerNode) + rankOfNode) * _shape.BatchSize) + place;
        var (device, initialPlace) = Math.DivRem(inGlobalBatch, _initial.BatchSize);
        var (initialNode, initialRank) = Math.DivRem(device, _initial.RanksPerNode);
        return _partition.PositionAt((int)initialNode, (int)initialRank, (batch * _initial.BatchSize) + initialPlace);
    }
}
