// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Imaging;

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
/// using var coco = new StreamingCOCO(new() { Remote = "s3://bucket/coco", Local = "/nvme/cache", Split = "train", Shuffle = true, BatchSize = 16,
/// ImageTransform = ImageTransform.Resize(300, 300).ColorJitter(0.4, 0.4, 0.4).Normalize(ImageNet.Mean, ImageNet.Std) });
/// </code></example>
public sealed class StreamingCOCO : StreamingMapDataset
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing.</exception>
    /// <exception cref="ImageDecodeException">There is no decoder for the images; the message says what to install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingCOCO(StreamingCOCOOptions options)
        : base(options, DetectionRecipe.Create(options))
    {
    }
}
