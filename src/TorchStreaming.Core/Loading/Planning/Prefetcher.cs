// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>Walks the plan ahead of the consumer and asks the caches for shards, in order of first use and with bounded
/// concurrency.</summary>
/// <remarks>Runs on the thread pool and blocks nothing. A shard that cannot be had fails the batch that needs it, not the walk.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles they hold nothing, and a late stop may use them.")]
internal sealed class Prefetcher
{
    private readonly BatchCursor _cursor;
    private readonly DatasetShards _shards;
    private readonly FillSchedule _schedule;
    private readonly PrefetchReservations? _reservations;
    private readonly FirstBatchPrefetch _advance;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly SemaphoreSlim _requests;
    private readonly IdleBatches _idle = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _activities;

    /// <summary>Creates the prefetcher.</summary>
    /// <param name="cursor">The order.</param>
    /// <param name="shards">Where samples are.</param>
    /// <param name="schedule">Gets the batches and their shards.</param>
    /// <param name="batches">The objects that carry batches, which bound how far it walks ahead.</param>
    /// <param name="concurrency">How many shards are asked for at a time.</param>
    /// <param name="sampleFirstBatches">How many batches get their samples ahead of their shards.</param>
    /// <param name="reservations">Where room comes from under a limit.</param>
    public Prefetcher(
        BatchCursor cursor,
        DatasetShards shards,
        FillSchedule schedule,
        IReadOnlyCollection<PlannedBatch> batches,
        int concurrency,
        int sampleFirstBatches,
        PrefetchReservations? reservations)
    {
        // Walking on waits for batches to come back, which these must not wait for.
        _advance = new FirstBatchPrefetch(shards, schedule, Math.Min(sampleFirstBatches, batches.Count));
        _reservations = reservations;
        _cursor = cursor;
        _shards = shards;
        _schedule = schedule;
        _stopping = _stop.Token;
        _requests = new SemaphoreSlim(concurrency);
        foreach (var batch in batches)
        {
            _idle.Return(batch);
        }
    }

    /// <summary>Starts the walk.</summary>
    public void Start()
    {
        _activities = 1;
        _reservations?.Open();
        _ = Task.Run(WalkAsync, CancellationToken.None);
    }

    /// <summary>Takes notice that the consumer has got a batch.</summary>
    public void Deliver(PlannedBatch batch) => _reservations?.Deliver(batch.Sequence);

    /// <summary>Takes a batch back that the consumer is done with; the walk continues by as much.</summary>
    public void Recycle(PlannedBatch batch) => _idle.Return(batch);

    /// <summary>Ends the walk and all downloads that only this epoch waits for.</summary>
    public void BeginStop()
    {
        _idle.Stop();
        _stop.Cancel();
    }

    /// <summary>Ends when no request is under way any more.</summary>
    public Task WhenEnded => _ended.Task;

    private async Task WalkAsync()
    {
        var failure = default(Exception);
        try
        {
            var firstUses = new List<WindowShard>();
            for (var sequence = 0L;
                await _idle.TakeAsync().ConfigureAwait(false) is { } batch && batch.TryRead(_cursor, _shards.Spanner, sequence);
                sequence++)
            {
                firstUses.Clear();
                var isAhead = _advance.Includes(sequence);
                _schedule.Add(batch, isAhead ? _advance.FindAbsent(batch) : null, firstUses);
                _reservations?.Plan(sequence);
                foreach (var shard in firstUses)
                {
                    if (shard.Samples is not null)
                    {
                        _advance.Start(shard, sequence, _stopping);
                    }
                    else
                    {
                        await StartRequestAsync(shard, sequence).ConfigureAwait(false);
                    }
                }

                if (isAhead && !_advance.Includes(sequence + 1))
                {
                    await EndAdvanceAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception)
        {
            // The consumer gets it when it has seen all batches before.
            failure = exception;
        }

        try
        {
            await EndAdvanceAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure ??= exception;
        }

        _schedule.EndPlan(failure);
        EndActivity();
    }

    private async Task EndAdvanceAsync()
    {
        foreach (var (shard, sequence) in await _advance.EndAsync().ConfigureAwait(false))
        {
            await StartRequestAsync(shard, sequence).ConfigureAwait(false);
        }
    }

    private async Task StartRequestAsync(WindowShard shard, long sequence)
    {
        var reservation = _reservations is null ? null : await _reservations.ReserveAsync(shard.Number, sequence, _stopping).ConfigureAwait(false);
        try
        {
            await _requests.WaitAsync(_stopping).ConfigureAwait(false);
        }
        catch
        {
            reservation?.Dispose();
            throw;
        }

        Interlocked.Increment(ref _activities);
        _ = RequestAsync(shard, reservation);
    }

    private async Task RequestAsync(WindowShard shard, IDisposable? reservation)
    {
        try
        {
            var (cache, number) = _shards.Resolve(shard.Number);
            var lease = await cache.LeaseAsync(number, _stopping).ConfigureAwait(false);
            if (!_schedule.Complete(shard, lease, failure: null))
            {
                lease.Dispose();
            }
        }
        catch (Exception exception)
        {
            _schedule.Complete(shard, lease: null, exception);
        }
        finally
        {
            reservation?.Dispose();
            _requests.Release();
            EndActivity();
        }
    }

    private void EndActivity()
    {
        if (Interlocked.Decrement(ref _activities) == 0)
        {
            _reservations?.Close();
            _ended.SetResult();
        }
    }
}
