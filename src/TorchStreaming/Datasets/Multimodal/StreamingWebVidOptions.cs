// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingInsideWebVid"/> reads, and what the other WebVid datasets read besides their videos.</summary>
public record StreamingWebVidOptions : StreamingDatasetOptions
{
    /// <summary>Gets which frames of the videos are decoded.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    /// <remarks>Not among MosaicML Streaming's arguments.</remarks>
    public VideoFrames? Frames { get; init; }
}
