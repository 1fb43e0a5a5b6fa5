// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Opens local shards.</summary>
internal static class ShardReaders
{
    /// <summary>Opens a shard whose raw files are on this machine.</summary>
    /// <param name="info">What the index says about the shard.</param>
    /// <param name="paths">The raw files, in the order of <see cref="ShardInfo.Files"/>.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The number of paths is not the number of files.</exception>
    /// <exception cref="ShardFormatException">The files do not have the sizes or the form that the index promises.</exception>
    /// <exception cref="StorageException">A file is missing or cannot be read.</exception>
    public static ShardReader Open(ShardInfo info, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count != info.Files.Length)
        {
            throw new ArgumentException($"The shard has {info.Files.Length} files; {paths.Count} paths were given.", nameof(paths));
        }

        return info.Schema.Format switch
        {
            ShardFormats.Mds => MdsShardReader.Open(info, paths[0]),
            ShardFormats.Json => new JsonlShardReader(info, paths),
            ShardFormats.Csv or ShardFormats.Tsv or ShardFormats.Xsv => new XsvShardReader(info, paths),
            ShardFormats.Tar => TarShardReader.Open(info, paths),
            ShardFormats.Legacy => LegacyShardReader.Open(info, paths[0]),
            _ => throw new NotSupportedException($"Shards of the format '{info.Schema.Format}' cannot be read."),
        };
    }
}
