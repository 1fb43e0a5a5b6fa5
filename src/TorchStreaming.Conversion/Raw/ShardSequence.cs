// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Cuts a row of samples into shards. Full shards are hashed, compressed and written in the background, several at a time, and
/// enter the
/// journal in their order. Memory: one shard being filled and one for each of those in the background.</summary>
internal sealed class ShardSequence
{
    private readonly string _directory;
    private readonly ConversionJournal _journal;
    private readonly Func<ConversionShard> _create;
    private readonly int _limit;
    private readonly Action<long> _written;
    private readonly CancellationToken _cancellationToken;
    private readonly Queue<(ConversionShard Shard, Task<JournalEntry> Entry)> _pending = new();
    private readonly Stack<ConversionShard> _idle = new();
    private readonly ImmutableArray<ShardInfo>.Builder _shards = ImmutableArray.CreateBuilder<ShardInfo>();
    private ConversionShard? _current;
    private int _cut;

    /// <summary>Creates the sequence after the shards of earlier runs.</summary>
    /// <param name="directory">The output.</param>
    /// <param name="journal">Receives the complete shards.</param>
    /// <param name="create">Makes an empty shard.</param>
    /// <param name="limit">How many shards may be in the background.</param>
    /// <param name="written">Is told the stored size of each complete shard.</param>
    /// <param name="cancellationToken">Ends the writing: shards that wait for a thread are not begun any more.</param>
    public ShardSequence(
        string directory, ConversionJournal journal, Func<ConversionShard> create,
            int limit, Action<long> written, CancellationToken cancellationToken)
    {
        _directory = directory;
        _journal = journal;
        _create = create;
        _limit = limit;
        _written = written;
        _cancellationToken = cancellationToken;
        _shards.AddRange(journal.Entries.Select(static entry => entry.Shard));
        _cut = _shards.Count;
    }

    /// <summary>Gets the complete shards, those of earlier runs included.</summary>
    public ImmutableArray<ShardInfo> Shards => _shards.ToImmutable();

    /// <summary>Tells whether a sample still goes into the current shard; otherwise <see cref="CutAsync"/> is due.</summary>
    public bool Fits(int bytes) => _current?.Fits(bytes) ?? true;

    /// <summary>Adds a sample to the current shard.</summary>
    public void Add(ReadOnlySpan<byte> sample)
    {
        _current ??= _idle.TryPop(out var idle) ? idle : _create();
        _current.Add(sample);
        while (_pending.TryPeek(out var first) && first.Entry.IsCompletedSuccessfully)
        {
            Commit();
        }
    }

    /// <summary>Ends the current shard, if it has any sample.</summary>
    /// <param name="next">The sample that the next shard begins with.</param>
    /// <param name="facts">The digest of the facts of all items before.</param>
    /// <param name="skipped">What was left out since the cut before.</param>
    public async Task CutAsync(int next, string facts, ImmutableArray<DatasetProblem> skipped)
    {
        if (_current is not { Count: > 0 } full)
        {
            return;
        }

        if (_pending.Count >= _limit)
        {
            await CommitAsync().ConfigureAwait(false);
        }

        var number = _cut++;
        _current = null;
        _pending.Enqueue((full,
            Task.Run(() => new JournalEntry(full.Write(_directory, number), next, facts, skipped), _cancellationToken)));
    }

    /// <summary>Waits until all shards are complete.</summary>
    public async Task FinishAsync()
    {
        while (_pending.Count > 0)
        {
            await CommitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>After a failure: waits until nothing is being written any more and keeps what is complete without a gap. Where nobody canceled,
    /// that is every full shard before the failure, whatever the threads were doing when it came.</summary>
    public async Task AbandonAsync()
    {
        await Task.WhenAll(_pending.Select(static Task (pending) => pending.Entry)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_pending.TryPeek(out var first) && first.Entry.IsCompletedSuccessfully)
        {
            Commit();
        }
    }

    private async Task CommitAsync()
    {
        await _pending.Peek().Entry.ConfigureAwait(false);
        Commit();
    }

    private void Commit()
    {
        // Complete already, so nothing waits here.
        var (shard, completed) = _pending.Dequeue();
        var entry = completed.GetAwaiter().GetResult();
        _journal.Append(entry);
        _shards.Add(entry.Shard);
        _written(entry.Shard.StoredBytes);
        shard.Clear();
        _idle.Push(shard);
    }
}
