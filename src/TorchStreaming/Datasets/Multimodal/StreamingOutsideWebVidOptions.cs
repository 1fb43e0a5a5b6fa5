// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingOutsideGIWebVid"/> or <see cref="StreamingOutsideDTWebVid"/> reads, and where its videos are.</summary>
public sealed record StreamingOutsideWebVidOptions : StreamingWebVidOptions
{
    /// <summary>Gets the folder that videos are downloaded to.</summary>
    /// <value>The default is <see langword="null"/>: videos are not read, and samples have no <c>content</c>.</value>
    /// <remarks>Mirrors <c>extra_local</c>.</remarks>
    public string? ExtraLocal { get; init; }

    /// <summary>Gets the folder or URI that videos come from.</summary>
    /// <value>The default is <see langword="null"/>: videos are not read, and samples have no <c>content</c>.</value>
    /// <remarks>Mirrors <c>extra_remote</c>.</remarks>
    public string? ExtraRemote { get; init; }

    /// <summary>Gets the upper bound for the bytes of videos kept in <see cref="ExtraLocal"/>.</summary>
    /// <value>The default is <see langword="null"/>: no bound.</value>
    /// <remarks>Not among MosaicML Streaming's arguments.</remarks>
    public ByteSize? ExtraCacheLimit { get; init; }

    /// <summary>Gets how many videos <see cref="StreamingOutsideDTWebVid"/> downloads ahead at a time, at least 1. The other dataset downloads
    /// none ahead.</summary>
    /// <value>The default is 8.</value>
    /// <remarks>Not among MosaicML Streaming's arguments.</remarks>
    public int ConcurrentDownloads { get; init; } = 8;
}
