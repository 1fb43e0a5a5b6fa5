// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>A shard with an open reader. The pool's lock guards the count and the place in line.</summary>
internal sealed class OpenShard(int shard, PinnedReader reader)
{
    public int Shard { get; } = shard;

    public ShardReader Reader => reader.Reader;

    /// <summary>Gets or sets the number of leases.</summary>
    public int Leases { get; set; }

    /// <summary>Gets or sets the place in the line of shards that nobody leases.</summary>
    public LinkedListNode<OpenShard>? IdlePlace { get; set; }

    /// <summary>Takes notice that its last lease has ended.</summary>
    public void NoteUse() => reader.NoteUse();

    /// <summary>Closes the reader; then the shard may be evicted.</summary>
    public void Close() => reader.Dispose();
}
