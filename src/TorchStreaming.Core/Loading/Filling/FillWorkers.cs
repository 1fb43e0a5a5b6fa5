// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>The threads that fill batches, alive as long as the loader and shared by its epochs.</summary>
/// <remarks>Threads know this object and the running epoch, never the loader, so that a loader that was dropped without a dispose can be
/// collected; its finalizer then ends them.</remarks>
internal sealed class FillWorkers
{
    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private FillSchedule? _schedule;
    private bool _ended;

    /// <summary>Starts the threads.</summary>
    /// <param name="fillers">One for each thread, disposed by it when it ends.</param>
    public FillWorkers(IReadOnlyList<RowFiller> fillers)
    {
        _threads = new Thread[fillers.Count];
        for (var i = 0; i < _threads.Length; i++)
        {
            var filler = fillers[i];
            _threads[i] = new Thread(() => Run(filler)) { IsBackground = true, Name = $"TorchStreaming fill {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Gives the threads an epoch to work on.</summary>
    public void Assign(FillSchedule schedule)
    {
        lock (_gate)
        {
            _schedule = schedule;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes an epoch away that is being stopped.</summary>
    public void Release(FillSchedule schedule)
    {
        lock (_gate)
        {
            if (_schedule == schedule)
            {
                _schedule = null;
            }
        }
    }

    /// <summary>Tells the threads to end when they have no epoch to work on.</summary>
    public void RequestStop()
    {
        lock (_gate)
        {
            _ended = true;
            _schedule = null;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Blocks until all threads have ended.</summary>
    public void Join()
    {
        foreach (var thread in _threads)
        {
            // A transform that disposes its own loader must not wait for itself.
            if (thread != Thread.CurrentThread)
            {
                thread.Join();
            }
        }
    }

    private void Run(RowFiller filler)
    {
        using (filler)
        {
            var last = default(FillSchedule);
            while (Await(last) is { } schedule)
            {
                last = schedule;
                while (schedule.Take() is { } chunk)
                {
                    filler.Process(chunk, schedule);
                }
            }
        }
    }

    // An epoch that ran out stays assigned until its consumer takes it away; a thread that saw its end waits for the next one.
    private FillSchedule? Await(FillSchedule? last)
    {
        lock (_gate)
        {
            while (!_ended && (_schedule is null || _schedule == last))
            {
                Monitor.Wait(_gate);
            }

            return _ended ? null : _schedule;
        }
    }
}
