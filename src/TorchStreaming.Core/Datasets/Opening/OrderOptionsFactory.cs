// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;

namespace TorchStreaming.Datasets;

/// <summary>Tells the order what it must know about a dataset.</summary>
internal static class OrderOptionsFactory
{
    /// <summary>Checks what can be checked before the indexes are read.</summary>
    /// <exception cref="ArgumentException">An option is out of its range or contradicts another.</exception>
    public static void Validate(ImmutableArray<ResolvedStream> streams, StreamingDatasetOptions options) =>
        OrderOptionsValidation.Validate(Create([.. streams.Select(static stream => ToShape(stream, sizes: []))], options));

    public static OrderOptions Create(ImmutableArray<OpenedStream> streams, StreamingDatasetOptions options) =>
        Create([.. streams.Select(static stream => ToShape(stream.Resolved, stream.Index.Shards.GetSampleCounts()))], options);

    private static StreamShape ToShape(ResolvedStream stream, ImmutableArray<int> sizes) => new()
    {
        ShardSizes = sizes,
        Proportion = stream.Stream.Proportion,
        Repeat = stream.Stream.Repeat,
        Choose = stream.Stream.Choose,
    };

    private static OrderOptions Create(ImmutableArray<StreamShape> streams, StreamingDatasetOptions options) => new()
    {
        Streams = streams,

        // Without a batch size samples can be read by number; lengths and weights do not depend on it.
        BatchSize = options.BatchSize ?? 1,
        EpochSize = options.EpochSize is { Samples: > 0 } size ? size.Samples : null,
        Shuffle = options.Shuffle,
        ShuffleAlgorithm = options.ShuffleAlgorithm,
        ShuffleSeed = options.ShuffleSeed,
        ShuffleBlockSize = options.ShuffleBlockSize,
        NumCanonicalNodes = options.NumCanonicalNodes,
        PartitionAlgorithm = options.PartitionAlgorithm,
        BatchingMethod = options.BatchingMethod,
        SamplingMethod = options.SamplingMethod,
        SamplingGranularity = options.SamplingGranularity,
        Replication = options.Replication,
    };
}
