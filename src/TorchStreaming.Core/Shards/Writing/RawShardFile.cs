// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>One file of a shard that is about to be written.</summary>
/// <param name="Basename">The name of the raw file.</param>
/// <param name="Segments">The content.</param>
internal sealed record RawShardFile(string Basename, IReadOnlyList<ReadOnlyMemory<byte>> Segments)
{
    /// <summary>Gets the size in bytes.</summary>
    public long Length => Segments.Sum(static segment => (long)segment.Length);
}
