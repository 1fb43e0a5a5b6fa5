// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Datasets;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Images with a class each: columns <c>x</c> (an image) and <c>y</c> (an integer) become tensors <c>x</c> and <c>y</c>.</summary>
/// <remarks>
/// <para>Without a transform an image becomes floating-point numbers from 0 to 1 of shape [3, height, width]. Images of different sizes
/// cannot be stacked: a batch then holds them in <see cref="TensorBatch.Lists"/>.</para>
/// <para>The constructor opens the dataset: it reads, and downloads where need be, the index. Mirrors
/// <c>streaming.vision.StreamingVisionDataset</c>, whose defaults are older than those of <see cref="StreamingDatasetOptions"/>.</para>
/// </remarks>
public class StreamingVisionDataset : StreamingMapDataset
{
    /// <summary>Opens a dataset.</summary>
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
    /// <param name="transforms">A function on image and class together, instead of the next two. It gets the image as unsigned bytes of
    /// shape [3, height, width] and the class as a 64-bit integer without dimensions, and runs as
    /// <see cref="VisionTransform.FromFunction"/> says.</param>
    /// <param name="transform">The transform applied to the image: an <see cref="ImageTransform"/>, or one of <see cref="VisionTransform"/>'s
    /// kinds.</param>
    /// <param name="targetTransform">The transform applied to the class; called on the loader's threads. Use <paramref name="transforms"/> for
    /// targets that are not integers.</param>
    /// <param name="decoders">The image decoders; <see langword="null"/> for <see cref="ImageDecoders.Default"/>.</param>
    /// <param name="maxPixels">The most pixels that an image may have; <see langword="null"/> for
    /// <see cref="ImageDecoderOptions.DefaultMaxPixels"/>.</param>
    /// <param name="world">Where this process is among those that train together; <see langword="null"/> to ask the
    /// environment.</param>
    /// <param name="loggerFactory">The maker of loggers; <see langword="null"/> to log nothing.</param>
    /// <exception cref="ArgumentException">Both <paramref name="transforms"/> and one of the other two are given; an argument is out of
    /// its range; or the dataset has no column <c>x</c> of images or <c>y</c> of integers.</exception>
    /// <exception cref="ImageDecodeException">There is no decoder for the images; the message says what to install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingVisionDataset(
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
        Func<Tensor, Tensor, (Tensor X, Tensor Y)>? transforms = null,
        VisionTransform? transform = null,
        Func<long, long>? targetTransform = null,
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
            VisionRecipe.Create(transforms, transform, targetTransform, decoders, maxPixels)))
    {
    }
}
