// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TorchStreaming.Datasets;

/// <summary>Turns the arguments that the named dataset classes have in common into the engine's options, and opens datasets.</summary>
internal static class DatasetArguments
{
    /// <summary>Collects the arguments of the classes with upstream's older defaults, in their order.</summary>
    public static StreamingDatasetOptions Collect(
        string? local,
        string? split,
        int downloadRetry,
        TimeSpan? downloadTimeout,
        string? validateHash,
        bool keepZip,
        SampleCount? epochSize,
        int? predownload,
        ByteSize? cacheLimit,
        PartitionAlgorithm partitionAlgo,
        int? numCanonicalNodes,
        int? batchSize,
        bool shuffle,
        ShuffleAlgorithm shuffleAlgo,
        ulong shuffleSeed,
        long? shuffleBlockSize,
        World? world,
        ILoggerFactory? loggerFactory) => new()
        {
            Local = local,
            Split = split,
            DownloadRetry = downloadRetry,
            DownloadTimeout = downloadTimeout ?? new StreamingDatasetOptions().DownloadTimeout,
            ValidateHash = validateHash,
            KeepZip = keepZip,
            EpochSize = epochSize,
            Predownload = predownload,
            CacheLimit = cacheLimit,
            PartitionAlgorithm = partitionAlgo,
            NumCanonicalNodes = numCanonicalNodes,
            BatchSize = batchSize,
            Shuffle = shuffle,
            ShuffleAlgorithm = shuffleAlgo,
            ShuffleSeed = shuffleSeed,
            ShuffleBlockSize = shuffleBlockSize,
            World = world,
            LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
        };

    /// <summary>Chooses between several streams and one.</summary>
    /// <exception cref="ArgumentException">Both are given.</exception>
    public static IReadOnlyList<DataStream> ChooseStreams(IReadOnlyList<DataStream>? streams, string? remote, string? local)
    {
        if (streams is not null && (remote is not null || local is not null))
        {
            throw new ArgumentException("Give either streams, or remote and local.", nameof(streams));
        }

        return streams ?? [new DataStream { Remote = remote, Local = local }];
    }

    /// <summary>Opens the engine's dataset for a recipe, which is disposed when that fails.</summary>
    public static TensorSource Open(string? remote, StreamingDatasetOptions options, BatchRecipe recipe) =>
        Open([new DataStream { Remote = remote, Local = options.Local }], options, recipe);

    /// <summary>Opens the engine's dataset for a recipe, which is disposed when that fails.</summary>
    public static TensorSource Open(IReadOnlyList<DataStream> streams, StreamingDatasetOptions options, BatchRecipe recipe)
    {
        StreamingDataset dataset;
        try
        {
            dataset = StreamingDataset.Open(streams, options);
        }
        catch
        {
            recipe.Dispose();
            throw;
        }

        return TensorSource.Create(dataset, recipe, leaveOpen: false);
    }
}
