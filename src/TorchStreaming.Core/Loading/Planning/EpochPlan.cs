// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>The batches of one rank in one epoch, read ahead of the consumer, and the shards that the batches read need.</summary>
/// <remarks>Memory is bounded by the window: a planned batch is an id, an index and a shard reference a sample, and there is one entry a
/// shard in use. <see cref="Read"/> belongs to the prefetcher; everything else is called under the schedule's lock.</remarks>
internal sealed class EpochPlan(BatchReader reader, ShardMap shards)
{
    private readonly Dictionary<int, WindowShard> _window = [];
    private readonly HashSet<WindowShard> _ahead = [];
    private long _sequence;

    /// <summary>Gets the shards that samples of the window need.</summary>
    public IReadOnlyCollection<WindowShard> Window => [.. _window.Values, .. _ahead];

    /// <summary>Says whether samples of the window need a shard.</summary>
    public bool Needs(int shard) => _window.ContainsKey(shard);

    /// <summary>Gets where samples are.</summary>
    public ShardMap Shards => shards;

    /// <summary>Reads the next batch of the order into <paramref name="batch"/> and finds where its samples are.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Read(PlannedBatch batch)
    {
        var count = reader.Read(batch.SampleIds);
        if (count == 0)
        {
            return false;
        }

        batch.Begin(_sequence++, count);
        for (var row = 0; row < count; row++)
        {
            (batch.ShardNumbers[row], batch.Indexes[row]) = shards.Spanner.Find(batch.SampleIds[row]);
        }

        return true;
    }

    /// <summary>Counts the batch's samples into the window.</summary>
    /// <param name="batch">The batch read.</param>
    /// <param name="ahead">The shards whose samples the batch gets ahead of them: these enter the window for this batch alone.</param>
    /// <param name="firstUses">Receives the shards that the window did not have yet, in order of first use.</param>
    public void Enter(PlannedBatch batch, IReadOnlySet<int>? ahead, List<WindowShard> firstUses)
    {
        var ofBatch = ahead is null ? null : new Dictionary<int, WindowShard>();
        var last = default(WindowShard);
        for (var c = 0; c < batch.ChunkCount; c++)
        {
            var chunk = batch.Chunks[c];
            for (var row = chunk.FirstRow; row < chunk.EndRow; row++)
            {
                var number = batch.ShardNumbers[row];
                var shard = last?.Number == number ? last
                    : ahead?.Contains(number) == true ? GetOrAddAhead(number, ofBatch!, firstUses)
                    : GetOrAdd(number, firstUses);
                shard.Samples?.Add(batch.Indexes[row]);
                shard.Uses++;
                batch.Shards[row] = last = shard;
                Await(chunk, shard);
            }
        }
    }

    /// <summary>Counts a filled chunk's samples out of the window.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="lastUses">Receives the shards that nothing in the window needs any more.</param>
    public void Leave(FillChunk chunk, List<WindowShard> lastUses)
    {
        for (var row = chunk.FirstRow; row < chunk.EndRow; row++)
        {
            var shard = chunk.Batch.Shards[row];
            if (--shard.Uses == 0)
            {
                if (shard.Samples is null)
                {
                    _window.Remove(shard.Number);
                }
                else
                {
                    _ahead.Remove(shard);
                }

                lastUses.Add(shard);
            }
        }
    }

    private static void Await(FillChunk chunk, WindowShard shard)
    {
        // Rows of a chunk register one after the other, so a chunk that waits for the shard already is the last one in its list.
        if (!shard.IsSettled && (shard.Waiting.Count == 0 || shard.Waiting[^1] != chunk))
        {
            shard.Waiting.Add(chunk);
            chunk.MissingShards++;
        }
    }

    private WindowShard GetOrAdd(int number, List<WindowShard> firstUses)
    {
        if (!_window.TryGetValue(number, out var shard))
        {
            _window.Add(number, shard = new WindowShard(number));
            firstUses.Add(shard);
        }

        return shard;
    }

    private WindowShard GetOrAddAhead(int number, Dictionary<int, WindowShard> ofBatch, List<WindowShard> firstUses)
    {
        if (!ofBatch.TryGetValue(number, out var shard))
        {
            ofBatch.Add(number, shard = new WindowShard(number, []));
            _ahead.Add(shard);
            firstUses.Add(shard);
        }

        return shard;
    }
}
