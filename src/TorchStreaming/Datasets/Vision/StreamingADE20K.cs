// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>ADE20K as upstream's converter writes it: columns <c>uid</c> (a name), <c>x</c> (a JPEG) and <c>y</c> (a PNG whose values are
/// classes).</summary>
/// <remarks>
/// <para>A sample is <c>x</c>, bytes of shape [3, height, width], and <c>y</c>, bytes of shape [height, width], unless transforms make
/// something else of them; upstream has no default that makes floating-point numbers either. Column <c>uid</c> is not delivered. Images of
/// different sizes cannot be stacked: a batch then holds them in <see cref="TensorBatch.Lists"/>.</para>
/// <para>The constructor opens the dataset: it reads, and downloads where need be, the index. Mirrors
/// <c>streaming.vision.StreamingADE20K</c>.</para>
/// </remarks>
/// <example><code>
/// using var ade20k = new StreamingADE20K(new() { Remote = "s3://bucket/ade20k", Local = "/nvme/cache", Split = "train", Shuffle = true,
/// BatchSize = 16, JointTransform = ImageTransform.RandomResizedCrop(512).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std) });
/// </code></example>
public sealed class StreamingADE20K : StreamingMapDataset
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range; <see cref="StreamingADE20KOptions.Transform"/> is an
    /// <see cref="ImageTransform"/> although <see cref="StreamingADE20KOptions.JointTransform"/> comes before it; or a column is
    /// missing.</exception>
    /// <exception cref="ImageDecodeException">There is no decoder for the images; the message says what to install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingADE20K(StreamingADE20KOptions options)
        : base(options, SegmentationRecipe.Create(options))
    {
    }
}
