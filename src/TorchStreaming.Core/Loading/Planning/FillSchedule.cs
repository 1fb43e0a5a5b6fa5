// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using TorchStreaming.Caching;

namespace TorchStreaming.Loading;

/// <summary>Joins the prefetcher, the threads that fill and the consumer of one epoch: which chunk of rows is next, which batch is
/// complete.</summary>
/// <param name="start">The epoch.</param>
/// <param name="errorPolicy">What happens with samples that fail.</param>
/// <param name="consumerFills">Whether it is the consumer that takes chunks, rather than threads.</param>
/// <remarks>One lock guards everything; it is taken per batch, chunk and shard, never per sample. Chunks are handed out in plan order among
/// those whose shards are there and whose batch has memory, so a slow sample or shard holds back its own chunk alone.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Without a wait handle it holds nothing, and the consumer may be in it.")]
internal sealed class FillSchedule(EpochStart start, SampleErrorPolicy errorPolicy, bool consumerFills)
{
    private readonly object _gate = new();
    private readonly PlanWindow _window = new();
    private readonly Queue<PlannedBatch> _undelivered = new();
    private readonly Queue<PlannedBatch> _withoutSlot = new();
    private readonly Stack<BatchSlot> _freeSlots = new();
    private readonly PriorityQueue<FillChunk, (long Batch, int Row)> _ready = new();
    private readonly SemaphoreSlim _consumerSignal = new(0);
    private bool _consumerWaits;
    private bool _planEnded;
    private ExceptionDispatchInfo? _planFailure;
    private int _activeChunks;
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _stopping;

    /// <summary>Gets the epoch that transforms get.</summary>
    public long Epoch => start.Epoch;

    /// <summary>Gets the seed that transforms get.</summary>
    public long Seed => start.Seed;

    /// <summary>Gets what happens with samples that fail.</summary>
    public SampleErrorPolicy ErrorPolicy => errorPolicy;

    /// <summary>Gets whether the epoch is being stopped: nothing more needs to be filled.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Gets what is canceled when the epoch is being stopped.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Throws when the epoch is being stopped.</summary>
    public void ThrowIfStopping()
    {
        if (_stopping)
        {
            throw new InvalidOperationException(
                "The epoch was ended: its loader was disposed, or another epoch was started. Use one loader for each loop.");
        }
    }

    /// <summary>Gives memory to fill to the schedule.</summary>
    public void AddSlot(BatchSlot slot)
    {
        lock (_gate)
        {
            _freeSlots.Push(slot);
            AssignSlots();
        }
    }

    /// <summary>Adds the next batch of the plan.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="ahead">The shards whose samples the batch gets ahead of them.</param>
    /// <param name="firstUses">Receives the shards to ask for, in order of first use.</param>
    public void Add(PlannedBatch batch, IReadOnlySet<int>? ahead, List<WindowShard> firstUses)
    {
        lock (_gate)
        {
            _window.Enter(batch, ahead, firstUses);
            _undelivered.Enqueue(batch);
            _withoutSlot.Enqueue(batch);
            AssignSlots();
            SignalConsumer();
        }
    }

    /// <summary>Says whether batches that are planned and not filled need a shard.</summary>
    public bool Needs(int shard)
    {
        lock (_gate)
        {
            return _window.Needs(shard);
        }
    }

    /// <summary>Ends the plan.</summary>
    /// <param name="failure">Why it could not be read further, if that is the reason.</param>
    public void EndPlan(Exception? failure)
    {
        lock (_gate)
        {
            _planEnded = true;
            _planFailure = failure is null ? null : ExceptionDispatchInfo.Capture(failure);
            SignalConsumer();
        }
    }

    /// <summary>Records the lease of a shard, or why there is none, and lets the chunks go that waited for it.</summary>
    /// <returns>Whether the outcome was taken; if not, the epoch is being stopped and the caller keeps the lease.</returns>
    public bool Complete(WindowShard shard, ShardLease? lease, Exception? failure)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return false;
            }

            shard.Lease = lease;
            shard.Failure = failure;
            foreach (var chunk in shard.Waiting)
            {
                if (--chunk.MissingShards == 0)
                {
                    MakeReady(chunk);
                }
            }

            shard.Waiting.Clear();
            SignalConsumer();
            return true;
        }
    }

    /// <summary>Takes the next chunk, waiting for one.</summary>
    /// <returns>The chunk, or <see langword="null"/> when the epoch is stopped.</returns>
    public FillChunk? Take()
    {
        lock (_gate)
        {
            while (!_stopping)
            {
                if (_ready.TryDequeue(out var chunk, out _))
                {
                    _activeChunks++;
                    return chunk;
                }

                Monitor.Wait(_gate);
            }

            return null;
        }
    }

    /// <summary>Takes the next chunk if there is one.</summary>
    public bool TryTake(out FillChunk? chunk)
    {
        lock (_gate)
        {
            if (!_stopping && _ready.TryDequeue(out chunk, out _))
            {
                _activeChunks++;
                return true;
            }

            chunk = null;
            return false;
        }
    }

    /// <summary>Counts a filled chunk's samples out of the window. <see cref="EndChunk"/> follows.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="lastUses">Receives the shards whose leases the caller ends.</param>
    /// <returns>Whether it was the last of its batch, which the caller then completes.</returns>
    public bool LeaveChunk(FillChunk chunk, List<WindowShard> lastUses)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return false;
            }

            _window.Leave(chunk, lastUses);
            return --chunk.Batch.UnfilledChunks == 0;
        }
    }

    /// <summary>Ends the work on a chunk that was taken.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="completesBatch">Whether the consumer may have its batch now.</param>
    public void EndChunk(FillChunk chunk, bool completesBatch)
    {
        lock (_gate)
        {
            if (completesBatch)
            {
                chunk.Batch.IsComplete = true;
                SignalConsumer();
            }

            if (--_activeChunks == 0 && _stopping)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Looks at the next batch to hand out.</summary>
    /// <param name="batch">The batch, if it is complete; <see langword="null"/> at the end of the epoch.</param>
    /// <param name="waitsFor">What it waits for otherwise.</param>
    /// <returns>Whether there is an answer; if not, the consumer has announced that it waits for the signal.</returns>
    public bool TryDeliver(out PlannedBatch? batch, out BottleneckStage waitsFor)
    {
        lock (_gate)
        {
            waitsFor = BottleneckStage.None;
            batch = null;
            ThrowIfStopping();
            if (_undelivered.TryPeek(out var head))
            {
                if (head.IsComplete)
                {
                    batch = _undelivered.Dequeue();
                    return true;
                }

                waitsFor = HasAllShards(head) ? BottleneckStage.Decode : BottleneckStage.Download;
            }
            else if (_planEnded)
            {
                _planFailure?.Throw();
                return true;
            }
            else
            {
                waitsFor = BottleneckStage.Ordering;
            }

            _consumerWaits = true;
            return false;
        }
    }

    /// <summary>Blocks until something has changed for the consumer.</summary>
    public void WaitForChange(CancellationToken cancellationToken) => _consumerSignal.Wait(cancellationToken);

    /// <summary>Waits until something has changed for the consumer.</summary>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _consumerSignal.WaitAsync(cancellationToken);

    /// <summary>Ends the epoch: nothing more is handed out, and threads that wait return.</summary>
    public void BeginStop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
            SignalConsumer();
        }

        _stop.Cancel();
    }

    /// <summary>Blocks until no thread works on a chunk, which takes one sample at most.</summary>
    /// <returns>The leases that nobody has ended yet, for the caller to end.</returns>
    public IReadOnlyCollection<WindowShard> AwaitIdle()
    {
        lock (_gate)
        {
            while (_activeChunks > 0)
            {
                Monitor.Wait(_gate);
            }

            return _window.Shards;
        }
    }

    private static bool HasAllShards(PlannedBatch batch)
    {
        for (var i = 0; i < batch.ChunkCount; i++)
        {
            if (batch.Chunks[i].MissingShards > 0)
            {
                return false;
            }
        }

        return true;
    }

    private void AssignSlots()
    {
        while (_freeSlots.Count > 0 && _withoutSlot.TryDequeue(out var batch))
        {
            batch.Slot = _freeSlots.Pop();
            for (var i = 0; i < batch.ChunkCount; i++)
            {
                if (batch.Chunks[i].MissingShards == 0)
                {
                    MakeReady(batch.Chunks[i]);
                }
            }
        }
    }

    private void MakeReady(FillChunk chunk)
    {
        if (chunk.Batch.Slot is not null)
        {
            _ready.Enqueue(chunk, (chunk.Batch.Sequence, chunk.FirstRow));
            if (consumerFills)
            {
                SignalConsumer();
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void SignalConsumer()
    {
        if (_consumerWaits && _consumerSignal.CurrentCount == 0)
        {
            _consumerWaits = false;
            _consumerSignal.Release();
        }
    }
}
