// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>ImageNet as upstream's converter, or <c>torchstreaming convert imagenet</c>, writes it: columns <c>i</c> (the image's
/// number), <c>x</c> (a JPEG) and <c>y</c> (its class).</summary>
/// <remarks>Column <c>i</c> is not delivered. Everything else is as <see cref="StreamingVisionDataset"/> says. Mirrors
/// <c>streaming.vision.StreamingImageNet</c>.</remarks>
/// <example><code>
/// using var imagenet = new StreamingImageNet(remote: "s3://bucket/imagenet", local: "/nvme/cache", split: "train", shuffle: true,
/// batchSize: 256, transform: ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std));
/// using var loader = new StreamingDataLoader(imagenet, numWorkers: 8, device: CUDA);
/// foreach (var batch in loader) { var x = batch["x"]; var y = batch["y"]; }
/// </code></example>
public sealed class StreamingImageNet : StreamingVisionDataset
{
    /// <inheritdoc/>
    public StreamingImageNet(
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
