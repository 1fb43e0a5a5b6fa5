// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>What a <see cref="StreamingEnWiki"/> reads, and how its samples become tensors.</summary>
public sealed record StreamingEnWikiOptions : NamedDatasetOptions
{
    /// <summary>Gets whether slots for masked tokens that a sample does not use make no label; MosaicML Streaming makes label 0 of
    /// them.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>Not among MosaicML Streaming's arguments.</remarks>
    public bool IgnoreUnusedMasks { get; init; }
}
