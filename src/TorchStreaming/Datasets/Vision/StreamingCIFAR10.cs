// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>CIFAR-10 as upstream's converter writes it: columns <c>i</c> (the image's number), <c>x</c> (uncompressed pixels) and <c>y</c>
/// (its class).</summary>
/// <remarks>Column <c>i</c> is not delivered. Everything else is as <see cref="StreamingVisionDataset"/> says; images are 32 by 32 pixels.
/// Mirrors <c>streaming.vision.StreamingCIFAR10</c>.</remarks>
/// <example><code>
/// using var cifar10 = new StreamingCIFAR10(new() { Remote = "s3://bucket/cifar10", Local = "/nvme/cache", Split = "train", Shuffle = true,
/// BatchSize = 256, Transform = ImageTransform.RandomCrop(32, padding: 4).RandomHorizontalFlip().Normalize([0.491f, 0.482f, 0.447f],
/// [0.247f, 0.243f, 0.262f]) });
/// </code></example>
public sealed class StreamingCIFAR10 : StreamingVisionDataset
{
    /// <inheritdoc/>
    public StreamingCIFAR10(StreamingVisionDatasetOptions options)
        : base(options)
    {
    }
}
