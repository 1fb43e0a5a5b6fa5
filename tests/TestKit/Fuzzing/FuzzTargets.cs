// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>All readers of bytes that come from elsewhere.</summary>
public static class FuzzTargets
{
    /// <summary>Gets the targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new IndexTarget(),
        new ShardTarget(ShardFormats.Mds),
        new ShardTarget(ShardFormats.Json),
        new ShardTarget(ShardFormats.Csv),
        new ShardTarget(ShardFormats.Tsv),
        new ShardTarget(ShardFormats.Xsv),
        new RebuildTarget(),
        new LegacyIndexTarget(),
        new LegacyShardTarget(),
        .. CompressionCodecs.Families.Select(static family => new CompressionTarget(family)),
        new TarTarget(),
        new ImageTarget(),
        new PngTarget(),
        new LoaderStateTarget(),
        new CocoTarget(),
        new TfRecordTarget(),
    ];

    /// <summary>Gets the target of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static FuzzTarget Get(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"'{name}' is not a target. There are {string.Join(", ", All.Select(static target => target.Name))}.");
}
