// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>CIFAR-10 as upstream's converter writes it: columns <c>i</c> (the image's number), <c>x</c> (uncompressed pixels) and <c>y</c>
/// (its class).</summary>
/// <remarks>Column <c>i</c> is not delivered. Everything else is as <see cref="StreamingVisionDataset"/> says; images are 32 by 32 pixels.
/// Mirrors <c>streaming.vision.StreamingCIFAR10</c>.</remarks>
/// <example><code>
/// using var cifar10 = new StreamingCIFAR10(remote: "s3://bucket/cifar10", local: "/nvme/cache", split: "train", shuffle: true,
/// batchSize: 256, transform: ImageTransform.RandomCrop(32, padding: 4).RandomHorizontalFlip().Normalize([0.491f, 0.482f, 0.447f],
/// [0.247f, 0.243f, 0.262f]));
/// </code></example>
public sealed class StreamingCIFAR10 : StreamingVisionDataset
{
    /// <inheritdoc/>
    public StreamingCIFAR10(
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
        : base(
            remote,
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
            transforms,
            transform,
            targetTransform,
            decoders,
            maxPixels,
            world,
            loggerFactory)
    {
    }
}
