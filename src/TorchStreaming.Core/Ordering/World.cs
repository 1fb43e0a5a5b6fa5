// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Where a process is among the processes that train together: one rank drives one device, and all nodes have equally many
/// ranks.</summary>
/// <remarks>Immutable and thread-safe. Upstream's notion of a worker process is not part of it: workers here fix the sequence of batches
/// and are given to the order by number. Mirrors <c>streaming.base.world.World</c>.</remarks>
public sealed record World
{
    /// <summary>Creates a world.</summary>
    /// <param name="nodeCount">The number of nodes, at least 1.</param>
    /// <param name="ranksPerNode">The number of ranks on every node, at least 1.</param>
    /// <param name="rank">The rank of this process in the whole world, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, or the rank is not one of the world's.</exception>
    public World(int nodeCount, int ranksPerNode, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ranksPerNode, 1);
        var ranks = (long)nodeCount * ranksPerNode;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ranks, int.MaxValue, nameof(nodeCount));
        if (rank < 0 || rank >= ranks)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rank), rank, $"The rank must be from 0 to {ranks - 1}: {nodeCount} nodes have {ranksPerNode} ranks each.");
        }

        NodeCount = nodeCount;
        RanksPerNode = ranksPerNode;
        Rank = rank;
    }

    /// <summary>Gets the world of one process alone.</summary>
    public static World Single { get; } = new(1, 1, 0);

    /// <summary>Gets the number of nodes.</summary>
    public int NodeCount { get; }

    /// <summary>Gets the number of ranks on every node.</summary>
    public int RanksPerNode { get; }

    /// <summary>Gets the number of this process in the whole world, from 0.</summary>
    public int Rank { get; }

    /// <summary>Gets the number of ranks of the whole world.</summary>
    public int RankCount => NodeCount * RanksPerNode;

    /// <summary>Gets the number of this process's node, from 0.</summary>
    public int Node => Rank / RanksPerNode;

    /// <summary>Gets the number of this process on its node, from 0.</summary>
    public int RankOfNode => Rank % RanksPerNode;

    /// <summary>Gets whether this process is the first of the world.</summary>
    public bool IsLeader => Rank == 0;

    /// <summary>Gets whether this process is the first of its node.</summary>
    public bool IsLocalLeader => RankOfNode == 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Rank {Rank} of {RankCount}, on {Counted.Of(NodeCount, "node")} with {Counted.Of(RanksPerNode, "rank")} each";

    /// <summary>Reads the world from the environment that <c>torchrun</c>, OpenMPI or SLURM gives a process; explicit values win over all
    /// of them.</summary>
    /// <param name="rank">The rank, or <see langword="null"/> to read it.</param>
    /// <param name="worldSize">The number of ranks, or <see langword="null"/> to read it.</param>
    /// <param name="localWorldSize">The ranks on every node, or <see langword="null"/> to read it.</param>
    /// <param name="environment">Looks a variable up; <see langword="null"/> for the environment of the process.</param>
    /// <returns>The world; that of one process where nothing is set.</returns>
    /// <exception cref="ArgumentException">A variable is not a number, or values contradict each other; the message shows both.</exception>
    /// <remarks><para>Read are <c>RANK</c>, <c>WORLD_SIZE</c>, <c>LOCAL_RANK</c>, <c>LOCAL_WORLD_SIZE</c>; where these are absent
    /// <c>OMPI_COMM_WORLD_RANK</c>, <c>_SIZE</c>, <c>_LOCAL_RANK</c>, <c>_LOCAL_SIZE</c>; where these are absent too <c>SLURM_PROCID</c>,
    /// <c>SLURM_STEP_NUM_TASKS</c> or <c>SLURM_NTASKS</c>, <c>SLURM_LOCALID</c>, <c>SLURM_STEP_TASKS_PER_NODE</c> or
    /// <c>SLURM_NTASKS_PER_NODE</c> or <c>SLURM_STEP_NUM_NODES</c> or <c>SLURM_NNODES</c>.</para>
    /// <para>A launcher inside a launcher (<c>srun</c> or <c>mpirun</c> starting one <c>torchrun</c> per node) is no
    /// contradiction.</para></remarks>
    public static World FromEnvironment(
        int? rank = null, int? worldSize = null, int? localWorldSize = null, Func<string, string?>? environment = null) =>
        WorldDetection.Detect(environment ?? Environment.GetEnvironmentVariable, rank, worldSize, localWorldSize);

    /// <summary>Makes runs of consecutive ranks see the same samples, for example the ranks of one tensor-parallel group.</summary>
    /// <param name="replication">How many ranks share their samples; it divides the number of ranks.</param>
    /// <returns>The world in which this process's samples are chosen.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    /// <exception cref="ArgumentException">The number of ranks is not divisible by the value.</exception>
    /// <remarks>Where the replicated ranks do not fill whole nodes, all of them count as one node, as upstream does. Mirrors
    /// <c>World.replicate</c>.</remarks>
    public World Replicate(int replication)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replication, 1);
        if (RankCount % replication != 0)
        {
            throw new ArgumentException(
                $"The world's {RankCount} ranks are not divisible by the replication {replication}.", nameof(replication));
        }

        var ranks = RankCount / replication;
        var nodes = ranks % RanksPerNode == 0 ? ranks / RanksPerNode : 1;
        return new World(nodes, ranks / nodes, Rank / replication);
    }
}
