// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>A sample of WebVid as the reference returns it.</summary>
/// <param name="VideoId">Column <c>videoid</c>.</param>
/// <param name="Name">Column <c>name</c>: the caption.</param>
/// <param name="PageIdx">Column <c>page_idx</c>.</param>
/// <param name="PageDir">Column <c>page_dir</c>.</param>
/// <param name="Duration">Column <c>duration</c>, in seconds.</param>
/// <param name="ContentUrl">Column <c>contentUrl</c>.</param>
/// <param name="ContentPath">Column <c>content_path</c>; <see langword="null"/> where videos are inside the shards.</param>
/// <param name="Content">The video file; <see langword="null"/> when it is outside and nobody said where.</param>
public sealed record WebVidSample(
    string VideoId,
    string Name,
    string PageIdx,
    string PageDir,
    long Duration,
    string ContentUrl,
    string? ContentPath,
    byte[]? Content)
{
    /// <inheritdoc/>
    public override string ToString() => $"Video {VideoId}: {Name}, {Duration} s";
}
