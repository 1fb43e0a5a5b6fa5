// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>The rule for file names in an index, which come from strangers.</summary>
internal static class ShardPaths
{
    /// <summary>The longest path that is trusted; file systems stop at 4,096 bytes.</summary>
    private const int MaxLength = 1024;

    /// <summary>Tells whether a name stays inside the dataset's directory on every operating system.</summary>
    /// <param name="basename">The name, with <c>/</c> between its parts.</param>
    /// <returns>Whether it may be used.</returns>
    public static bool IsInside(string basename) =>
        basename.Length is > 0 and <= MaxLength && !basename.Contains(':', StringComparison.Ordinal) && ObjectKey.IsValid(basename);
}
