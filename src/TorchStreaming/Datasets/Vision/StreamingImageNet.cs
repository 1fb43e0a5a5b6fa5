// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>ImageNet as upstream's converter, or <c>torchstreaming convert imagenet</c>, writes it: columns <c>i</c> (the image's
/// number), <c>x</c> (a JPEG) and <c>y</c> (its class).</summary>
/// <remarks>Column <c>i</c> is not delivered. Everything else is as <see cref="StreamingVisionDataset"/> says. Mirrors
/// <c>streaming.vision.StreamingImageNet</c>.</remarks>
/// <example><code>
/// using var imagenet = new StreamingImageNet(new() { Remote = "s3://bucket/imagenet", Local = "/nvme/cache", Split = "train", Shuffle = true,
/// BatchSize = 256, Transform = ImageTransform.RandomResizedCrop(224).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std) });
/// using var loader = new StreamingDataLoader(imagenet, numWorkers: 8, device: CUDA);
/// foreach (var batch in loader) { var x = batch["x"]; var y = batch["y"]; }
/// </code></example>
public sealed class StreamingImageNet : StreamingVisionDataset
{
    /// <inheritdoc/>
    public StreamingImageNet(StreamingVisionDatasetOptions options)
        : base(options)
    {
    }
}
