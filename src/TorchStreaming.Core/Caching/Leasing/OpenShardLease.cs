// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>One claim on a shard of a <see cref="ShardCache"/>.</summary>
internal sealed class OpenShardLease(ShardCache cache, OpenShard open) : ShardLease
{
    private OpenShard? _open = open;

    public override int Shard { get; } = open.Shard;

    public override ShardReader Reader => Volatile.Read(ref _open)?.Reader ?? throw new ObjectDisposedException(nameof(ShardLease));

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _open, null) is { } released)
        {
            cache.Release(released);
        }
    }
}
