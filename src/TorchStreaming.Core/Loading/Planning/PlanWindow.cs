// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>The shards that the batches planned and not yet filled need.</summary>
/// <remarks>Memory is bounded by the window: one entry a shard in use. Everything is called under the schedule's lock.</remarks>
internal sealed class PlanWindow
{
    private readonly Dictionary<int, WindowShard> _window = [];
    private readonly HashSet<WindowShard> _ahead = [];

    /// <summary>Gets the shards that samples of the window need.</summary>
    public IReadOnlyCollection<WindowShard> Shards => [.. _window.Values, .. _ahead];

    /// <summary>Says whether samples of the window need a shard.</summary>
    public bool Needs(int shard) => _window.ContainsKey(shard);

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
