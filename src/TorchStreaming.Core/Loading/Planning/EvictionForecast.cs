// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;
using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Reads the epoch's order far ahead of the plan, so that the cache knows which shards are needed when.</summary>
/// <remarks>Memory is bounded by the horizon: a number for each batch and shard within it. Each batch of the plan pays for a few batches
/// of the forecast, so that the first batch does not wait. Thread-safe.</remarks>
internal sealed class EvictionForecast(BatchCursor preview, int batchSize, Spanner spanner, FillSchedule schedule) : IShardForecast
{
    // Some 30 MB where every sample is in another shard, and far less in common orders.
    private const long HorizonSamples = 1 << 20;
    private const int SamplesAtOnce = 1 << 14;
    private const int BatchesAtOnce = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, ShardUses> _uses = [];
    private readonly Queue<(long Sequence, ShardUses Uses)> _ahead = new();
    private readonly long[] _sampleIds = new long[batchSize];
    private readonly long _horizon = Math.Max(HorizonSamples / batchSize, BatchesAtOnce);
    private readonly int _most = Math.Max(SamplesAtOnce / batchSize, BatchesAtOnce);
    private long _read;
    private bool _isAtEnd;

    /// <summary>Moves on after a batch has entered the plan's window.</summary>
    /// <param name="sequence">The batch's place in the plan, from 0.</param>
    public void MoveTo(long sequence)
    {
        lock (_gate)
        {
            for (var i = 0; i < _most && !_isAtEnd && _read - sequence <= _horizon; i++)
            {
                ReadBatch();
            }

            while (_ahead.TryPeek(out var next) && next.Sequence <= sequence)
            {
                _ahead.Dequeue();
                next.Uses.Batches.Dequeue();
                if (next.Uses.Batches.Count == 0)
                {
                    _uses.Remove(next.Uses.Shard);
                }
            }
        }
    }

    /// <inheritdoc/>
    public long GetNextUse(int shard)
    {
        if (schedule.Needs(shard))
        {
            return 0;
        }

        lock (_gate)
        {
            return _uses.TryGetValue(shard, out var uses) ? uses.Batches.Peek() : long.MaxValue;
        }
    }

    private void ReadBatch()
    {
        var count = preview.ReadBatch(_sampleIds);
        _isAtEnd = count == 0;
        for (var i = 0; i < count; i++)
        {
            var (shard, _) = spanner.Find(_sampleIds[i]);
            if (!_uses.TryGetValue(shard, out var uses))
            {
                _uses.Add(shard, uses = new ShardUses(shard));
            }

            if (uses.Latest != _read)
            {
                uses.Latest = _read;
                uses.Batches.Enqueue(_read);
                _ahead.Enqueue((_read, uses));
            }
        }

        _read++;
    }

    /// <summary>The batches ahead that need a shard.</summary>
    private sealed class ShardUses(int shard)
    {
        public int Shard => shard;

        public Queue<long> Batches { get; } = new();

        public long Latest { get; set; } = -1;
    }
}
