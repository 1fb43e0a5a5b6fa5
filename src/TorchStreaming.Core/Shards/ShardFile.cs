// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>One file of a shard in its two forms.</summary>
/// <param name="Raw">The file as readers need it.</param>
/// <param name="Zip">The compressed file as it is stored, or <see langword="null"/> when the raw file is stored.</param>
internal sealed record ShardFile(ShardFileInfo Raw, ShardFileInfo? Zip)
{
    /// <summary>Gets the form that is stored remotely: the compressed one if there is one.</summary>
    public ShardFileInfo Stored => Zip ?? Raw;
}
