// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming;

/// <summary>Everything about a dataset that its order depends on. Checked by <see cref="SampleOrder"/>.</summary>
public sealed record OrderOptions
{
    /// <summary>Gets the streams, at least one.</summary>
    public required ImmutableArray<StreamShape> Streams { get; init; }

    /// <summary>Gets the samples per device and batch.</summary>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(batch_size=…)</c>.</remarks>
    public required int BatchSize { get; init; }

    /// <summary>Gets the samples of an epoch over all streams; only for streams without absolute weights.</summary>
    /// <value>The default is <see langword="null"/>: as many as the streams have, or choose.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(epoch_size=…)</c>.</remarks>
    public long? EpochSize { get; init; }

    /// <summary>Gets whether samples are shuffled.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(shuffle=…)</c>.</remarks>
    public bool Shuffle { get; init; }

    /// <summary>Gets how samples are shuffled.</summary>
    /// <value>The default is <see cref="ShuffleAlgorithm.Py1E"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(shuffle_algo=…)</c>.</remarks>
    public ShuffleAlgorithm ShuffleAlgorithm { get; init; } = ShuffleAlgorithm.Py1E;

    /// <summary>Gets the seed of everything random in the order.</summary>
    /// <value>The default is 9176.</value>
    /// <remarks>A loaded state brings its own. Mirrors <c>streaming.StreamingDataset(shuffle_seed=…)</c>.</remarks>
    public ulong ShuffleSeed { get; init; } = 9176;

    /// <summary>Gets the size, in samples, of the blocks within which samples are shuffled.</summary>
    /// <value>The default is <see langword="null"/>: 4,000,000 divided by the canonical nodes, at least 262,144.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(shuffle_block_size=…)</c>.</remarks>
    public long? ShuffleBlockSize { get; init; }

    /// <summary>Gets the number of parts that the epoch is divided into before it meets the real nodes; the same number gives
    /// the same global batches on any number of nodes.</summary>
    /// <value>The default is <see langword="null"/>: the physical nodes the run begins with, times 64 for <c>py1s</c> and
    /// <c>py2s</c>.</value>
    /// <remarks>A loaded state brings its own. Mirrors <c>streaming.StreamingDataset(num_canonical_nodes=…)</c>.</remarks>
    public int? NumCanonicalNodes { get; init; }

    /// <summary>Gets how samples are divided over nodes and ranks.</summary>
    /// <value>The default is <see cref="PartitionAlgorithm.Relaxed"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(partition_algo=…)</c>.</remarks>
    public PartitionAlgorithm PartitionAlgorithm { get; init; } = PartitionAlgorithm.Relaxed;

    /// <summary>Gets how samples of several streams meet in batches.</summary>
    /// <value>The default is <see cref="BatchingMethod.Random"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(batching_method=…)</c>.</remarks>
    public BatchingMethod BatchingMethod { get; init; } = BatchingMethod.Random;

    /// <summary>Gets whether every epoch chooses again when it takes a fraction of a stream.</summary>
    /// <value>The default is <see cref="SamplingMethod.Balanced"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(sampling_method=…)</c>.</remarks>
    public SamplingMethod SamplingMethod { get; init; } = SamplingMethod.Balanced;

    /// <summary>Gets how many samples of a shard are chosen at a time.</summary>
    /// <value>The default is 1.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(sampling_granularity=…)</c>.</remarks>
    public int SamplingGranularity { get; init; } = 1;

    /// <summary>Gets how many consecutive ranks see the same samples.</summary>
    /// <value>The default is <see langword="null"/>: every rank sees its own.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(replication=…)</c>.</remarks>
    public int? Replication { get; init; }

    /// <summary>Says what decides most of the order, for example <c>2 streams, batches of 16, shuffled by Py1E with seed 9176</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var order = Shuffle ? $", shuffled by {ShuffleAlgorithm} with seed {ShuffleSeed}" : "";
        return $"{Counted.Of(Streams.Length, "stream")}, batches of {BatchSize}{order}";
    }
}
