// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace TorchStreaming.Loading;

/// <summary>One epoch under way, seen from the consumer: hands out batches in plan order, takes their memory back, and stops
/// everything.</summary>
/// <remarks>The consumer's thread alone calls it, except for <see cref="BeginStop"/>.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The batch belongs to the ring and is released, not disposed.")]
internal sealed class EpochRun
{
    private readonly Prefetcher _prefetcher;
    private readonly BatchRing _ring;
    private readonly RowFiller? _inline;
    private readonly StatisticsCollector _statistics;
    private readonly SkipBudget _skips;
    private PlannedBatch? _current;
    private Batch? _handedOut;
    private ExceptionDispatchInfo? _failure;
    private BottleneckStage _waitsFor;
    private long _waitStarted;
    private long _waited;
    private bool _ended;

    /// <summary>Starts the epoch.</summary>
    /// <param name="schedule">Where batches are filled.</param>
    /// <param name="prefetcher">Walks the plan; started here and stopped with the run.</param>
    /// <param name="ring">The memory, all of it free.</param>
    /// <param name="inline">Fills on the consumer's thread, or <see langword="null"/> when there are threads for it.</param>
    /// <param name="skips">Counts samples that are left out.</param>
    /// <param name="statistics">Counts what happens.</param>
    public EpochRun(
        FillSchedule schedule, Prefetcher prefetcher, BatchRing ring, RowFiller? inline, SkipBudget skips, StatisticsCollector statistics)
    {
        Schedule = schedule;
        _prefetcher = prefetcher;
        _ring = ring;
        _inline = inline;
        _skips = skips;
        _statistics = statistics;
        foreach (var slot in ring.Slots)
        {
            schedule.AddSlot(slot);
        }

        statistics.StartEpoch();
        prefetcher.Start();
    }

    /// <summary>Gets where batches are filled.</summary>
    public FillSchedule Schedule { get; }

    /// <summary>Gets how many samples of the plan were handed out, those left out included.</summary>
    public long SamplesYielded { get; private set; }

    /// <summary>Gets how many batches were handed out.</summary>
    public long BatchesYielded { get; private set; }

    /// <summary>Waits for the next batch, on this thread.</summary>
    /// <returns>The batch, or <see langword="null"/> at the end of the epoch.</returns>
    public Batch? Next(CancellationToken cancellationToken)
    {
        BeginStep();
        Batch? batch;
        while (!TryNext(out batch, cancellationToken))
        {
            Schedule.WaitForChange(cancellationToken);
            AddWait(_waitsFor, _waitStarted);
        }

        return batch;
    }

    /// <summary>Waits for the next batch.</summary>
    /// <returns>The batch, or <see langword="null"/> at the end of the epoch.</returns>
    public async ValueTask<Batch?> NextAsync(CancellationToken cancellationToken)
    {
        BeginStep();
        Batch? batch;
        while (!TryNext(out batch, cancellationToken))
        {
            await Schedule.WaitForChangeAsync(cancellationToken).ConfigureAwait(false);
            AddWait(_waitsFor, _waitStarted);
        }

        return batch;
    }

    /// <summary>Gives a batch's memory away for good and puts new memory in its place.</summary>
    public void Replace(BatchSlot slot)
    {
        if (_current?.Slot == slot)
        {
            _current.Slot = _ring.Replace(slot);
        }
    }

    /// <summary>Tells everything to stop, without waiting. Any thread may call it.</summary>
    public void BeginStop()
    {
        _prefetcher.BeginStop();
        Schedule.BeginStop();
    }

    /// <summary>Stops everything and waits until no thread, request or lease is left. Further calls do nothing.</summary>
    /// <returns>Whether this was the first call.</returns>
    public async ValueTask<bool> StopAsync()
    {
        if (Interlocked.Exchange(ref _ended, true))
        {
            return false;
        }

        BeginStop();
        _handedOut?.Release();
        await _prefetcher.WhenEnded.ConfigureAwait(false);
        foreach (var shard in Schedule.AwaitIdle())
        {
            shard.Lease?.Dispose();
        }

        return true;
    }

    private void ThrowIfOver(CancellationToken cancellationToken)
    {
        _failure?.Throw();
        Schedule.ThrowIfStopping();
        cancellationToken.ThrowIfCancellationRequested();
    }

    // The batch that the consumer held until now goes back: its memory to the threads, its place in the window to the prefetcher.
    private void Recycle()
    {
        _handedOut?.Release();
        _handedOut = null;
        if (_current is { } batch && !_ended)
        {
            _current = null;
            Schedule.AddSlot(batch.Slot!);
            _prefetcher.Recycle(batch);
        }
    }

    private void BeginStep()
    {
        Recycle();
        _waited = 0;
    }

    // Returns false when there is something to wait for. Without threads that fill, the work is done here.
    private bool TryNext(out Batch? batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            ThrowIfOver(cancellationToken);
            if (Schedule.TryDeliver(out var planned, out _waitsFor))
            {
                batch = null;
                if (planned is null || TryHandOut(planned, out batch))
                {
                    return true;
                }
            }
            else
            {
                _waitStarted = _statistics.Now();
                if (_inline is null || !Schedule.TryTake(out var chunk))
                {
                    batch = null;
                    return false;
                }

                _inline.Process(chunk!, Schedule);
                AddWait(BottleneckStage.Decode, _waitStarted);
            }
        }
    }

    private bool TryHandOut(PlannedBatch planned, out Batch? batch)
    {
        batch = null;
        _current = planned;
        _prefetcher.Deliver(planned);
        if (planned.Failure is { } failure)
        {
            Throw(failure);
        }

        if (planned.SkippedCount > 0 && _skips.Spend(planned) is { } spent)
        {
            Throw(spent);
        }

        SamplesYielded += planned.Count;
        if (planned.DeliveredCount == 0)
        {
            Recycle();
            return false;
        }

        BatchesYielded++;
        _statistics.AddBatch(planned.DeliveredCount, _waited);
        batch = _handedOut = new Batch(this, planned.Slot!, planned.DeliveredCount, Schedule.Epoch);
        return true;
    }

    private void Throw(Exception failure)
    {
        _failure = ExceptionDispatchInfo.Capture(failure);
        BeginStop();
        _failure.Throw();
    }

    private void AddWait(BottleneckStage stage, long started)
    {
        var ticks = _statistics.Now() - started;
        _statistics.AddWait(stage, ticks);
        _waited += ticks;
    }
}
