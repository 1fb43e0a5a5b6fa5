// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace ImageNetTraining;

/// <summary>How the splits are read: one place, so that both trainers and the check of the order agree.</summary>
internal static class TrainingData
{
    public const PartitionAlgorithm Partitioning = PartitionAlgorithm.Relaxed;

    public const ShuffleAlgorithm Shuffling = ShuffleAlgorithm.Py1E;

    public const long ShuffleBlockSize = 1 << 18;

    public static StreamingDataset Open(TrainingOptions options, string split, bool shuffle) =>
        StreamingDataset.Open(options.Data, new StreamingDatasetOptions
        {
            Split = split,
            Local = options.Cache,
            PartitionAlgorithm = Partitioning,
            Shuffle = shuffle,
            ShuffleAlgorithm = Shuffling,
            ShuffleSeed = options.Seed,
            ShuffleBlockSize = ShuffleBlockSize,
            BatchSize = options.BatchSize,
        });
}
