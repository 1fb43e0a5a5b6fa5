// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Tells the order what it must know about a data set.</summary>
internal static class OrderOptionsFactory
{
    public static OrderOptions Create(ImmutableArray<OpenedStream> streams, StreamingDatasetOptions options) => new()
    {
        Streams = [.. streams.Select(static stream => new StreamShape
        {
            ShardSizes = [.. stream.Index.Shards.Select(static shard => shard.SampleCount)],
            Proportion = stream.Settings.Stream.Proportion,
            Repeat = stream.Settings.Stream.Repeat,
            Choose = stream.Settings.Stream.Choose,
        })],

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
