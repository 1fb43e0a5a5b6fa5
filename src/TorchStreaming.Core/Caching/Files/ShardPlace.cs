// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>Where a shard is in the cache directory.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Files">Its files.</param>
/// <param name="LockPath">The lock of whoever makes it resident.</param>
/// <param name="LeasePath">The lock that those share who use it.</param>
internal sealed record ShardPlace(ShardInfo Shard, FilePlace[] Files, string LockPath, string LeasePath)
{
    /// <summary>Gets the files as readers need them.</summary>
    public string[] RawPaths => [.. Files.Select(static file => file.RawPath)];
}
