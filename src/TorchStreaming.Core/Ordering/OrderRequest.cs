// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>What one epoch's plan is made from.</summary>
/// <param name="Options">The checked options.</param>
/// <param name="Spanner">The map from sample ids to shards.</param>
/// <param name="Weights">What each stream contributes.</param>
/// <param name="World">The world in which samples are chosen, replication applied.</param>
/// <param name="Workers">The workers that take turns, at least 1.</param>
/// <param name="State">Where to begin.</param>
/// <param name="BlockSize">The shuffle block size in force.</param>
internal sealed record OrderRequest(
    OrderOptions Options, Spanner Spanner, StreamWeights Weights, World World, int Workers, LoaderState State, long BlockSize)
{
    /// <summary>Gets the seed of generators that change with every epoch.</summary>
    public UInt128 EpochSeed => (UInt128)State.ShuffleSeed + (ulong)State.Epoch;

    /// <summary>Gets whether sampling draws again every epoch.</summary>
    public bool IsBalanced => Options.SamplingMethod == SamplingMethod.Balanced;

    /// <summary>Gets the samples in a batch over all ranks.</summary>
    public long GlobalBatchSize => (long)Options.BatchSize * World.RankCount;
}
