// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Imaging;

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
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">Both <see cref="StreamingVisionDatasetOptions.Transforms"/> and one of the other two are
    /// given; an option is out of its range; or the dataset has no column <c>x</c> of images or <c>y</c> of integers.</exception>
    /// <exception cref="ImageDecodeException">There is no decoder for the images; the message says what to install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingVisionDataset(StreamingVisionDatasetOptions options)
        : base(options, VisionRecipe.Create(options))
    {
    }
}
