// SPDX-License-Identifier: MIT

using System.Collections.Frozen;

namespace TorchStreaming.Shards;

/// <summary>Makes the digests of a file, sharing the empty set.</summary>
internal static class FileHashes
{
    public static readonly FrozenDictionary<string, string> None = FrozenDictionary<string, string>.Empty;

    /// <summary>Makes the set; of two digests by one name the last one counts, as in Python.</summary>
    public static FrozenDictionary<string, string> Create(IReadOnlyCollection<KeyValuePair<string, string>> digests)
    {
        if (digests.Count == 0)
        {
            return None;
        }

        var map = new Dictionary<string, string>(digests.Count, StringComparer.Ordinal);
        foreach (var (name, digest) in digests)
        {
            map[name] = digest;
        }

        return map.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
