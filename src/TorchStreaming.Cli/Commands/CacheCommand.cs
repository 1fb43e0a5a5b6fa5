// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary><c>torchstreaming cache</c>: looks after the directories that shards are downloaded to.</summary>
internal sealed class CacheCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="console">Where its data and talk go.</param>
    public CacheCommand(ToolConsole console)
        : base("cache", "Lists, trims, checks and fills the directories that shards are downloaded to.", console)
    {
        Add(new CacheListCommand(console));
        Add(new CacheTrimCommand(console));
        Add(new CacheVerifyCommand(console));
        Add(new CachePrefetchCommand(console));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["cache list --shards", "cache trim /nvme/cache --to 200gb"];
}
