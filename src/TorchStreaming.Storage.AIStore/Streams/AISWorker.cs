// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Which share of a dataset a reader has: worker <see cref="Id"/> of <see cref="Count"/> on rank <see cref="Rank"/> of
/// <see cref="RankCount"/>.</summary>
/// <remarks>The reference finds its worker by itself and knows no ranks, so two ranks read the same data. Immutable.</remarks>
public sealed record AISWorker
{
    /// <summary>Creates a share.</summary>
    /// <param name="id">The worker, from 0.</param>
    /// <param name="count">The workers of each rank, at least 1.</param>
    /// <param name="rank">The rank, from 0.</param>
    /// <param name="rankCount">The ranks, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, or a number not below its count.</exception>
    public AISWorker(int id = 0, int count = 1, int rank = 0, int rankCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rankCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, rankCount);
        (Id, Count, Rank, RankCount) = (id, count, rank, rankCount);
    }

    /// <summary>Gets the share of the only reader: everything.</summary>
    public static AISWorker Single { get; } = new();

    /// <summary>Gets the worker, from 0.</summary>
    public int Id { get; }

    /// <summary>Gets the workers of each rank.</summary>
    public int Count { get; }

    /// <summary>Gets the rank, from 0.</summary>
    public int Rank { get; }

    /// <summary>Gets the ranks.</summary>
    public int RankCount { get; }

    /// <summary>Gets the share's number among all: rank by rank, worker by worker.</summary>
    public long Share => ((long)Rank * Count) + Id;

    /// <summary>Gets how many shares there are.</summary>
    public long ShareCount => (long)RankCount * Count;

    /// <summary>Gets what progress is labeled with: empty for a single worker.</summary>
    public string Label => Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (Worker {Id})");

    /// <summary>Makes the share of a worker on a rank of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="id">The worker, from 0.</param>
    /// <param name="count">The workers of each rank.</param>
    /// <returns>The share.</returns>
    public static AISWorker Of(World world, int id = 0, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(world);
        return new AISWorker(id, count, world.Rank, world.RankCount);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Share {Share} of {ShareCount}";
}
