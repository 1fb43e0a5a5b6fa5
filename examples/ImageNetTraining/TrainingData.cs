// SPDX-License-Identifier: MIT

using TorchStreaming;

namespace ImageNetTraining;

/// <summary>How the splits are read: one place, so that training and the check of the order agree.</summary>
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

    /// <summary>Refuses labels that the model has no output for.</summary>
    /// <param name="labels">The labels of a batch.</param>
    /// <param name="classes">How many classes the model tells apart.</param>
    public static void CheckLabels(ReadOnlySpan<long> labels, int classes)
    {
        foreach (var label in labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException(
                    $"The data has label {label}, but the network tells {classes} classes apart, from 0 to {classes - 1}. "
                    + "Give --classes the number of classes of the data.");
            }
        }
    }
}
