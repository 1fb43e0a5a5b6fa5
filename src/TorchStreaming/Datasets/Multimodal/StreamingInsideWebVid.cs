// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Datasets;

namespace TorchStreaming;

/// <summary>WebVid with the videos inside the shards: columns <c>videoid</c>, <c>name</c>, <c>page_idx</c>, <c>page_dir</c>,
/// <c>duration</c> and <c>contentUrl</c>, and <c>content</c>, the video file.</summary>
/// <remarks>See <see cref="StreamingWebVid"/> for what a sample becomes. The constructor opens the dataset: it reads, and downloads where
/// need be, the index. Mirrors <c>streaming.multimodal.StreamingInsideWebVid</c>.</remarks>
public sealed class StreamingInsideWebVid : StreamingWebVid
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="streams">Several streams instead of <paramref name="remote"/> and <paramref name="local"/>.</param>
    /// <param name="remote">The directory or URI that holds the shards; <see langword="null"/> when they are in
    /// <paramref name="local"/>.</param>
    /// <param name="local">The local directory that shards are downloaded to and read from; <see langword="null"/> for one in the user's
    /// cache directory.</param>
    /// <param name="split">The folder below <paramref name="remote"/> and <paramref name="local"/>; <see langword="null"/> for
    /// none.</param>
    /// <param name="downloadRetry">How many times a download is tried, the first time included.</param>
    /// <param name="downloadTimeout">How long a download may take; <see langword="null"/> for 60 seconds.</param>
    /// <param name="validateHash">The hash that downloaded shards are checked by; <see langword="null"/> for none.</param>
    /// <param name="keepZip">Whether compressed shards are kept beside the decompressed ones.</param>
    /// <param name="epochSize">The samples of an epoch; <see langword="null"/> for all.</param>
    /// <param name="predownload">How many samples shards are fetched ahead of the loop; <see langword="null"/> for eight batches.</param>
    /// <param name="cacheLimit">The upper bound for the bytes of shards kept locally; <see langword="null"/> for none. See
    /// <see cref="StreamingDatasetOptions.CacheLimit"/>.</param>
    /// <param name="samplingMethod">How samples are chosen where streams are weighted.</param>
    /// <param name="samplingGranularity">How many samples are chosen from a shard at a time.</param>
    /// <param name="partitionAlgo">How samples are divided over nodes and ranks.</param>
    /// <param name="numCanonicalNodes">The number of parts that the epoch is divided into before it meets the real nodes.</param>
    /// <param name="batchSize">The samples per device and batch; <see langword="null"/> leaves it to the loader.</param>
    /// <param name="shuffle">Whether samples are shuffled.</param>
    /// <param name="shuffleAlgo">How samples are shuffled.</param>
    /// <param name="shuffleSeed">The seed of everything random.</param>
    /// <param name="shuffleBlockSize">The size of the blocks within which samples are shuffled; <see langword="null"/> for one that fits
    /// the number of canonical nodes.</param>
    /// <param name="batchingMethod">How batches are made up of streams.</param>
    /// <param name="allowUnsafeTypes">Whether columns that hold pickles are accepted as raw bytes.</param>
    /// <param name="replication">How many ranks get the same samples; <see langword="null"/> for one.</param>
    /// <param name="frames">Which frames of the videos are decoded; <see langword="null"/> for none. Not among upstream's
    /// arguments.</param>
    /// <param name="world">Where this process is among those that train together; <see langword="null"/> to ask the
    /// environment.</param>
    /// <param name="loggerFactory">The maker of loggers; <see langword="null"/> to log nothing.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">There are frames to decode but no program for it; the message says what to
    /// install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingInsideWebVid(
        IReadOnlyList<DataStream>? streams = null,
        string? remote = null,
        string? local = null,
        string? split = null,
        int downloadRetry = 2,
        TimeSpan? downloadTimeout = null,
        string? validateHash = null,
        bool keepZip = false,
        SampleCount? epochSize = null,
        int? predownload = null,
        ByteSize? cacheLimit = null,
        SamplingMethod samplingMethod = SamplingMethod.Balanced,
        int samplingGranularity = 1,
        PartitionAlgorithm partitionAlgo = PartitionAlgorithm.Relaxed,
        int? numCanonicalNodes = null,
        int? batchSize = null,
        bool shuffle = false,
        ShuffleAlgorithm shuffleAlgo = ShuffleAlgorithm.Py1E,
        ulong shuffleSeed = 9176,
        long? shuffleBlockSize = null,
        BatchingMethod batchingMethod = BatchingMethod.Random,
        bool allowUnsafeTypes = false,
        int? replication = null,
        VideoFrames? frames = null,
        World? world = null,
        ILoggerFactory? loggerFactory = null)
        : base(
            DatasetArguments.ChooseStreams(streams, remote, local),
            DatasetArguments.Collect(
                streams is null ? local : null,
                split,
                downloadRetry,
                downloadTimeout,
                validateHash,
                keepZip,
                epochSize,
                predownload,
                cacheLimit,
                partitionAlgo,
                numCanonicalNodes,
                batchSize,
                shuffle,
                shuffleAlgo,
                shuffleSeed,
                shuffleBlockSize,
                world,
                loggerFactory) with
            {
                SamplingMethod = samplingMethod,
                SamplingGranularity = samplingGranularity,
                BatchingMethod = batchingMethod,
                AllowUnsafeTypes = allowUnsafeTypes,
                Replication = replication,
            },
            options => VideoRecipe.CreateInside(frames))
    {
    }
}
