// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Tells which requests take far longer than their peers, and how many of them may be asked a second time.</summary>
/// <remarks>A request is overdue after twice the 95th percentile of the last <see cref="Remembered"/> durations and at least
/// <see cref="Shortest"/>, once <see cref="Needed"/> are known. Second requests come from an allowance that grows by one for twenty
/// requests done: a store that is slow as a whole is not asked twice for everything. Thread-safe; one timer for all.</remarks>
internal sealed class StragglerWatch(TimeProvider timeProvider)
{
    /// <summary>How many durations are remembered.</summary>
    public const int Remembered = 64;

    /// <summary>How many durations must be known.</summary>
    public const int Needed = 8;

    private const double AllowanceEach = 0.05;
    private const double LargestAllowance = 4;
    private const double FirstAllowance = 2;

    /// <summary>The shortest time after which a request can be overdue.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly TimeSpan[] _durations = new TimeSpan[Remembered];
    private readonly LinkedList<WatchedRequest> _running = [];
    private readonly TimeSpan[] _sorted = new TimeSpan[Remembered];
    private ITimer? _timer;
    private int _known;
    private int _next;
    private double _allowance = FirstAllowance;

    /// <summary>Starts to watch a request.</summary>
    /// <returns>The request, to be disposed when it has ended in any way.</returns>
    public WatchedRequest Start()
    {
        lock (_gate)
        {
            var request = new WatchedRequest(this, timeProvider.GetTimestamp());
            request.Place = _running.AddLast(request);
            if (_running.Count == 1)
            {
                SetTimer();
            }

            return request;
        }
    }

    /// <summary>Gets after how long a request is overdue, or <see langword="null"/> while too little is known.</summary>
    public TimeSpan? GetPatience()
    {
        lock (_gate)
        {
            return GetPatienceLocked();
        }
    }

    /// <summary>Ends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isDone">Whether it has brought its bytes, so that its duration counts.</param>
    public void End(WatchedRequest request, bool isDone)
    {
        lock (_gate)
        {
            if (request.Place is { } place)
            {
                _running.Remove(place);
                request.Place = null;
            }

            if (isDone)
            {
                _durations[_next] = timeProvider.GetElapsedTime(request.Started);
                _next = (_next + 1) % Remembered;
                _known = Math.Min(_known + 1, Remembered);
                _allowance = Math.Min(_allowance + AllowanceEach, LargestAllowance);
            }

            SetTimer();
        }
    }

    private TimeSpan? GetPatienceLocked()
    {
        if (_known < Needed)
        {
            return null;
        }

        var sorted = _sorted.AsSpan(0, _known);
        _durations.AsSpan(0, _known).CopyTo(sorted);
        sorted.Sort();
        var patience = 2 * sorted[Math.Min((int)(_known * 0.95), _known - 1)];
        return patience > Shortest ? patience : Shortest;
    }

    // Requests start in the list's order, so the first one is due first.
    private void SetTimer()
    {
        if (_running.First is not { } first || _allowance < 1 || GetPatienceLocked() is not { } patience)
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var due = patience - timeProvider.GetElapsedTime(first.Value.Started);
        due = due > TimeSpan.Zero ? due + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1);
        _timer ??= timeProvider.CreateTimer(
            static state => ((StragglerWatch)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (_gate)
        {
            var patience = GetPatienceLocked();
            while (_allowance >= 1
                && _running.First is { } first
                && timeProvider.GetElapsedTime(first.Value.Started) >= patience)
            {
                _allowance--;
                _running.Remove(first);
                first.Value.Place = null;
                first.Value.SetOverdue();
            }

            SetTimer();
        }
    }
}
