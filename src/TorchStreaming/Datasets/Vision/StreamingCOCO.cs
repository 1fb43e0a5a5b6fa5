// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Datasets;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>COCO as upstream's converter writes it: columns <c>img</c> (a JPEG), <c>img_id</c>, <c>htot</c>, <c>wtot</c>,
/// <c>bbox_sizes</c> and <c>bbox_labels</c>.</summary>
/// <remarks>
/// <para>A sample is <c>img</c>, bytes of shape [3, height, width] unless transforms make something else of it; <c>img_id</c>, a 64-bit
/// integer; <c>htot</c> and <c>wtot</c>, the image's height and width before any transform, 64-bit integers; <c>bbox_sizes</c>, singles of
/// shape [boxes, 4], left, top, right and bottom as shares of the image's width and height; <c>bbox_labels</c>, 64-bit integers of shape
/// [boxes]. Boxes, and images of different sizes, cannot be stacked: a batch holds them in <see cref="TensorBatch.Lists"/>.</para>
/// <para>The constructor opens the dataset: it reads, and downloads where need be, the index. Mirrors
/// <c>streaming.vision.StreamingCOCO</c>, whose sample is a tuple of the same values, height and width as a pair.</para>
/// </remarks>
/// <example><code>
/// using var coco = new StreamingCOCO(remote: "s3://bucket/coco", local: "/nvme/cache", split: "train", shuffle: true, batchSize: 16,
/// imageTransform: ImageTransform.Resize(300, 300).ColorJitter(0.4, 0.4, 0.4).Normalize(ImageNet.Mean, ImageNet.Std));
/// </code></example>
public sealed class StreamingCOCO : StreamingMapDataset
{
    /// <summary>Opens the dataset.</summary>
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
    /// <param name="transform">The transform applied to image, size, boxes and labels together.</param>
    /// <param name="imageTransform">The transform applied to the image while it is decoded, before <paramref name="transform"/>: a transform that
    /// leaves boxes valid, since they are shares of the image. Not among upstream's arguments.</param>
    /// <param name="decoders">The image decoders; <see langword="null"/> for <see cref="ImageDecoders.Default"/>.</param>
    /// <param name="maxPixels">The most pixels that an image may have; <see langword="null"/> for
    /// <see cref="ImageDecoderOptions.DefaultMaxPixels"/>.</param>
    /// <param name="world">Where this process is among those that train together; <see langword="null"/> to ask the
    /// environment.</param>
    /// <param name="loggerFactory">The maker of loggers; <see langword="null"/> to log nothing.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or a column is missing.</exception>
    /// <exception cref="ImageDecodeException">There is no decoder for the images; the message says what to install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingCOCO(
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
        DetectionTransform? transform = null,
        ImageTransform? imageTransform = null,
        ImageDecoders? decoders = null,
        long? maxPixels = null,
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
            DetectionRecipe.Create(transform, imageTransform, decoders, maxPixels)))
    {
    }
}
