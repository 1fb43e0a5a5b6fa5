// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>What the index says about one file of a shard.</summary>
/// <param name="Basename">The path below the dataset's directory (or split), with <c>/</c> between its parts.</param>
/// <param name="Bytes">The size in bytes, or <see cref="UnknownSize"/> for a compressed file of an index that does not record it.</param>
/// <param name="Hashes">The lowercase hexadecimal digests by upstream's hash name; empty when none were recorded.</param>
internal sealed record ShardFileInfo(string Basename, long Bytes, FileDigests Hashes)
{
    /// <summary>Stands for the size of a compressed file that the index does not record; only Composer's legacy format has such
    /// files.</summary>
    public const long UnknownSize = -1;

    /// <summary>Gets the most bytes that a file of unknown size can have.</summary>
    internal long Bound { get; init; } = long.MaxValue;

    /// <summary>Gets the most bytes that the file can have: its size, or its bound where the size is not known.</summary>
    internal long MostBytes => Bytes == UnknownSize ? Bound : Bytes;

    /// <summary>Says whether a file of some size can be this one.</summary>
    internal bool CanHave(long bytes) => Bytes == UnknownSize ? bytes <= Bound : bytes == Bytes;
}
