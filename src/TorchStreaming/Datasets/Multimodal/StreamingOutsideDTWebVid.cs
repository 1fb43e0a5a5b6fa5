// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;

namespace TorchStreaming;

/// <summary>WebVid with the videos outside the shards, downloaded ahead of the loop: columns as
/// <see cref="StreamingOutsideGIWebVid"/> has them.</summary>
/// <remarks>
/// <para>While an epoch runs, its order is read ahead, and the videos of the next samples (<c>predownload</c> of them) are downloaded in
/// the background. A sample whose video has not come is waited for, as in <see cref="StreamingOutsideGIWebVid"/>.</para>
/// <para>See <see cref="StreamingWebVid"/> for what a sample becomes. The constructor opens the dataset: it reads, and downloads where
/// need be, the index. Mirrors <c>streaming.multimodal.StreamingOutsideDTWebVid</c>, whose download thread never runs.</para>
/// </remarks>
public sealed class StreamingOutsideDTWebVid : StreamingWebVid
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">There are frames to decode but no program for it; the message says what to
    /// install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingOutsideDTWebVid(StreamingOutsideWebVidOptions options)
        : base(options, VideoRecipe.CreateOutside(options, isAhead: true))
    {
    }
}
