// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;

namespace TorchStreaming;

/// <summary>WebVid with the videos outside the shards, downloaded when a sample is read: columns <c>videoid</c>, <c>name</c>,
/// <c>page_idx</c>, <c>page_dir</c>, <c>duration</c> and <c>contentUrl</c>, and <c>content_path</c>, the video's path below the folder of
/// videos.</summary>
/// <remarks>
/// <para>A video is downloaded once, by one of the processes that share <c>extraLocal</c>; a download that breaks off continues where it
/// stopped, also in another process. See <see cref="TorchStreaming.Caching.ExtraFileCache"/>.</para>
/// <para>See <see cref="StreamingWebVid"/> for what a sample becomes. The constructor opens the dataset: it reads, and downloads where
/// need be, the index. Mirrors <c>streaming.multimodal.StreamingOutsideGIWebVid</c>.</para>
/// </remarks>
/// <example><code>
/// using var webvid = new StreamingOutsideGIWebVid(new() { Remote = "s3://bucket/webvid", Local = "/nvme/cache", BatchSize = 8, Shuffle = true,
/// ExtraRemote = "s3://bucket/webvid-videos", ExtraLocal = "/nvme/videos", ExtraCacheLimit = ByteSize.Parse("200gb") });
/// </code></example>
public sealed class StreamingOutsideGIWebVid : StreamingWebVid
{
    /// <summary>Opens the dataset.</summary>
    /// <param name="options">What to read, how to order it, and how samples become tensors.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">There are frames to decode but no program for it; the message says what to
    /// install.</exception>
    /// <exception cref="StorageException">The index cannot be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged.</exception>
    public StreamingOutsideGIWebVid(StreamingOutsideWebVidOptions options)
        : base(options, VideoRecipe.CreateOutside(options, isAhead: false))
    {
    }
}
