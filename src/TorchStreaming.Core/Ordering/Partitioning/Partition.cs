// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Divides the positions of an epoch over nodes and ranks. Every answer is computed, nothing is stored.</summary>
/// <remarks>A rank's positions are numbered by slots in the order in which its training loop sees them: batch after batch, and within a
/// batch sample after sample. Immutable and thread-safe.</remarks>
internal abstract class Partition
{
    /// <summary>The value of slots that fill up the last batches.</summary>
    public const long Padding = -1;

    /// <summary>Gets the batches of each worker, padding included.</summary>
    public abstract long BatchesPerWorker { get; }

    /// <summary>Gets the batches of every rank that have no padding. They come first; at most one more has samples.</summary>
    public abstract long FullBatches { get; }

    /// <summary>Gets what a reader of these positions must be able to do.</summary>
    public abstract ReadWindow Window { get; }

    /// <summary>Divides an epoch. Mirrors <c>streaming.base.partition.get_partitions</c>.</summary>
    /// <param name="algorithm">How positions are divided.</param>
    /// <param name="shape">The epoch and the world.</param>
    /// <param name="dropFirst">The samples of the epoch that all ranks together have had.</param>
    /// <param name="initialPhysicalNodes">The nodes that the epoch began on, if they are known.</param>
    /// <param name="countsRepeats">Whether <paramref name="dropFirst"/> may count the samples that the division repeats. Upstream refuses such
    /// a number, although its own states have it near the end of an epoch.</param>
    /// <exception cref="ArgumentException">The counts do not fit each other.</exception>
    /// <exception cref="ResumeException">The resume point or the world does not fit the epoch.</exception>
    public static Partition Create(
        PartitionAlgorithm algorithm, PartitionShape shape, long dropFirst, int? initialPhysicalNodes, bool countsRepeats = false)
    {
        if (shape.SampleCount < 1)
        {
            throw new ArgumentException("An epoch without samples cannot be divided over nodes.", nameof(shape));
        }

        var devices = (long)shape.PhysicalNodes * shape.RanksPerNode;
        // A divisible count is rounded up by a whole row, as upstream does.
        var rounded = shape.SampleCount + devices - (shape.SampleCount % devices);
        if (rounded < dropFirst && !(countsRepeats && dropFirst <= CountSlots(Divide(algorithm, shape, 0, initialPhysicalNodes), shape)))
        {
            throw new ResumeException(
                $"The state is at sample {dropFirst} of the epoch, but the epoch has {shape.SampleCount} samples. "
                + "It belongs to another dataset, epoch size or set of weights.");
        }

        return Divide(algorithm, shape, dropFirst, initialPhysicalNodes);
    }

    /// <summary>Counts the samples of a rank in the batch that follows the full ones; 0 when there is none.</summary>
    public abstract int CountLastBatch(int node, int rankOfNode);

    /// <summary>Gets the position in a slot of a rank, or <see cref="Padding"/>.</summary>
    public abstract long PositionAt(int node, int rankOfNode, long slot);

    private static Partition Divide(PartitionAlgorithm algorithm, PartitionShape shape, long dropFirst, int? initialPhysicalNodes)
    {
        var canonical = shape.CanonicalNodes;
        var physical = shape.PhysicalNodes;
        var isNested = physical <= canonical ? canonical % physical == 0 : physical % canonical == 0;
        return algorithm == PartitionAlgorithm.Relaxed && initialPhysicalNodes is { } initial && !isNested
            ? new RelaxedPartition(shape, dropFirst, initial)
            : new OrigPartition(shape, dropFirst);
    }

    private static long CountSlots(Partition partition, PartitionShape shape) => checked(
        partition.BatchesPerWorker * shape.WorkersPerRank * shape.BatchSize * shape.PhysicalNodes * shape.RanksPerNode);
}
