// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Shards;

/// <summary>Rules for the file names in an index, which come from strangers.</summary>
internal static class ShardPaths
{
    /// <summary>The longest path that is believed; file systems stop at 4,096.</summary>
    private const int MaxLength = 1024;

    private static readonly SearchValues<char> Refused =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(static unit => (char)unit), '\\', ':', '\u007F']);

    /// <summary>Tells whether a name stays inside the data set's directory on every operating system.</summary>
    /// <param name="basename">The name, with <c>/</c> between its parts.</param>
    /// <returns>Whether it may be used.</returns>
    public static bool IsInside(string basename)
    {
        if (basename.Length is 0 or > MaxLength || basename.AsSpan().ContainsAny(Refused))
        {
            return false;
        }

        foreach (var part in basename.AsSpan().Split('/'))
        {
            if (basename.AsSpan()[part] is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
