// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Datasets;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The Pile, the collection of texts, as upstream's converter writes it: columns <c>text</c> and <c>pile_set_name</c>.</summary>
/// <remarks>
/// <para>A sample is <c>input_ids</c> and <c>attention_mask</c>, 64-bit integers of shape [maxSeqLen]: the tokens of <c>text</c>, cut or
/// padded, and 1 where there are tokens. The other columns are not delivered.</para>
/// <para>The constructor opens the dataset: it reads, and downloads where need be, the index. Mirrors
/// <c>streaming.text.StreamingPile</c>, whose tokenizer is a name that Hugging Face knows; here it is code, and what upstream requires by
/// name comes first.</para>
/// </remarks>
/// <example><code>
/// using var texts = new StreamingPile(tokenizer, maxSeqLen: 2048, remote: "s3://bucket/pile", local: "/nvme/cache", split: "train",
/// shuffle: true, batchSize: 8);
/// </code></example>
public sealed class StreamingPile : StreamingMapDataset
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="tokenizer">Makes tokens of texts; upstream's <c>tokenizer_name</c>.</param>
    /// <param name="maxSeqLen">How many tokens every sample has, at least 1.</param>
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
    /// <param name="partitionAlgo">How samples are divided over nodes and ranks.</param>
    /// <param name="numCanonicalNodes">The number of parts that the epoch is divided into before it meets the real nodes.</param>
    /// <param name="batchSize">The samples per device and batch; <see langword="null"/> leaves it to the loader.</param>
    /// <param name="shuffle">Whether samples are shuffled.</param>
    /// <param name="shuffleAlgo">How samples are shuffled.</param>
    /// <param name="shuffleSeed">The seed of everything random.</param>
    /// <param name="shuffleBlockSize">The size of the blocks within which samples are shuffled.</param>
    /// <param name="groupMethod">What to do with texts that are too long.</param>
    /// <param name="paddingToken">What texts that are too short are filled up with. Upstream takes the tokenizer's padding token, or its
    /// end-of-text token where it has none.</param>
    /// <param name="world">Where this process is among those that train together; <see langword="null"/> to ask the
    /// environment.</param>
    /// <param name="loggerFactory">The maker of loggers; <see langword="null"/> to log nothing.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or there is no column <c>text</c>.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingPile(
        TextTokenizer tokenizer,
        int maxSeqLen,
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
        PartitionAlgorithm partitionAlgo = PartitionAlgorithm.Orig,
        int? numCanonicalNodes = null,
        int? batchSize = null,
        bool shuffle = false,
        ShuffleAlgorithm shuffleAlgo = ShuffleAlgorithm.Py1S,
        ulong shuffleSeed = 9176,
        long shuffleBlockSize = 1 << 18,
        TextGrouping groupMethod = TextGrouping.Truncate,
        int paddingToken = 0,
        World? world = null,
        ILoggerFactory? loggerFactory = null)
        : base(DatasetArguments.Open(
            remote,
            DatasetArguments.Collect(
                local,
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
                loggerFactory),
            TextRecipe.Create(tokenizer, maxSeqLen, groupMethod, paddingToken)))
    {
    }
}
