// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>An open shard and what keeps its files in the directory.</summary>
/// <param name="reader">The reader, owned.</param>
/// <param name="pin">The shared lock of the shard's lease, owned, or <see langword="null"/> where nobody evicts.</param>
/// <param name="timeProvider">The clock of last uses.</param>
internal sealed class PinnedReader(ShardReader reader, FileLock? pin, TimeProvider timeProvider) : IDisposable
{
    private DateTimeOffset _lastUse = timeProvider.GetUtcNow();

    public ShardReader Reader => reader;

    /// <summary>Takes notice of a use, for those who look for the least recently used shard once this one is closed.</summary>
    public void NoteUse() => _lastUse = timeProvider.GetUtcNow();

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        pin?.Touch(_lastUse);
        pin?.Dispose();
    }
}
