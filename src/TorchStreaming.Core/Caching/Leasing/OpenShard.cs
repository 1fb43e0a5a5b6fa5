// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>A shard with an open reader, and what keeps its files in the directory. The pool's lock guards the count and the place in
/// line.</summary>
/// <param name="shard">The shard's number within its stream.</param>
/// <param name="reader">The reader, owned.</param>
/// <param name="pin">The shared lock of the shard's lease, owned, or <see langword="null"/> where nobody evicts.</param>
/// <param name="timeProvider">The clock of last uses.</param>
internal sealed class OpenShard(int shard, ShardReader reader, FileLock? pin, TimeProvider timeProvider) : IDisposable
{
    private DateTimeOffset _lastUse = timeProvider.GetUtcNow();

    public int Shard { get; } = shard;

    public ShardReader Reader => reader;

    /// <summary>Gets or sets the number of leases.</summary>
    public int Leases { get; set; }

    /// <summary>Gets or sets the place in the line of shards that nobody leases.</summary>
    public LinkedListNode<OpenShard>? IdlePlace { get; set; }

    /// <summary>Takes notice that its last lease has ended, for those who look for the least recently used shard once this one is
    /// closed.</summary>
    public void NoteUse() => _lastUse = timeProvider.GetUtcNow();

    /// <summary>Closes the reader; then the shard may be evicted.</summary>
    public void Dispose()
    {
        reader.Dispose();
        pin?.Touch(_lastUse);
        pin?.Dispose();
    }
}
