// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Finds out from a tar's name how it is compressed.</summary>
internal static class TarCompression
{
    private static readonly (string Ending, string? Family)[] Endings =
    [
        (".tar", null),
        (".tar.gz", "gz"),
        (".tgz", "gz"),
        (".tar.zst", "zstd"),
        (".tar.zstd", "zstd"),
        (".tzst", "zstd"),
        (".tar.bz2", "bz2"),
        (".tbz2", "bz2"),
        (".tar.br", "br"),
        (".tar.snappy", "snappy"),
    ];

    /// <summary>Says whether a name is that of a tar, and how it is compressed.</summary>
    /// <param name="name">A file name, path or key.</param>
    /// <param name="family">One of <see cref="CompressionCodecs.Families"/>, or <see langword="null"/> for a tar that is not
    /// compressed.</param>
    /// <returns>Whether the name ends as tars do, in whatever case.</returns>
    public static bool TryGet(string name, out string? family)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var (ending, found) in Endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                family = found;
                return true;
            }
        }

        family = null;
        return false;
    }

    /// <summary>Puts a decompressor before a stream where the name asks for one.</summary>
    /// <param name="stream">The tar as it is stored.</param>
    /// <param name="name">Its file name, path or key; one that is no tar's counts as not compressed.</param>
    /// <returns>The uncompressed tar, readable once from front to back. Disposing it leaves a compressed <paramref name="stream"/>
    /// open.</returns>
    public static Stream Decompress(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return TryGet(name, out var family) && family is not null ? CompressionCodecs.Get(family).OpenDecompressor(stream) : stream;
    }
}
