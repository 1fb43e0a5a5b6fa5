// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;

namespace TorchStreaming;

/// <summary>WebVid with the videos inside the shards: columns <c>videoid</c>, <c>name</c>, <c>page_idx</c>, <c>page_dir</c>,
/// <c>duration</c> and <c>contentUrl</c>, and <c>content</c>, the video file.</summary>
/// <remarks>See <see cref="StreamingWebVid"/> for what a sample becomes. The constructor opens the dataset: it reads, and downloads where
/// need be, the index. Mirrors <c>streaming.multimodal.StreamingInsideWebVid</c>.</remarks>
public sealed class StreamingInsideWebVid : StreamingWebVid
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">There are frames to decode but no program for it; the message says what to
    /// install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingInsideWebVid(StreamingWebVidOptions options)
        : base(options, VideoRecipe.CreateInside(options))
    {
    }
}
