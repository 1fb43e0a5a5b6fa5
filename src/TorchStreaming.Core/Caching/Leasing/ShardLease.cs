// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>A claim on a resident shard: while it is held the shard's files stay and its reader stays open, in every process of the
/// machine.</summary>
/// <remarks>Dispose it once, from any thread.</remarks>
internal abstract class ShardLease : IDisposable
{
    /// <summary>Gets the shard's number within its stream.</summary>
    public abstract int Shard { get; }

    /// <summary>Gets the open reader, shared with other leases of the same shard; not to be disposed by the holder.</summary>
    public abstract ShardReader Reader { get; }

    /// <summary>Ends the claim. Further calls do nothing.</summary>
    public abstract void Dispose();
}
