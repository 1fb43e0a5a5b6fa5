// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>The one budget that all downloads of the process from one store share: lets as many requests go as fill the link, the most
/// urgent ones first.</summary>
/// <remarks>Thread-safe. The budget is in bytes in flight (<see cref="TransferWindow"/>), so that many small requests count like a few
/// large ones, and at most <see cref="MostRequests"/> requests.</remarks>
internal sealed class TransferScheduler(TimeProvider timeProvider)
{
    /// <summary>The most requests under way; each has a buffer of at most <see cref="ObjectDownloader.BufferSize"/> bytes.</summary>
    public const int MostRequests = 128;

    // What a small request counts: its latency costs the link as much as these bytes.
    private const long SmallestCost = 256 << 10;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Waiter, (TransferUrgency Urgency, long Order, long Number)> _waiting = new();
    private readonly TransferWindow _window = new(timeProvider);
    private long _bytesUnderWay;
    private int _requestsUnderWay;
    private long _orders;
    private long _numbers;

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Gets the durations of requests for whole parts.</summary>
    public StragglerWatch Parts { get; } = new(timeProvider);

    /// <summary>Gets the durations of requests for single samples.</summary>
    public StragglerWatch Samples { get; } = new(timeProvider);

    /// <summary>Gets how many requests are under way.</summary>
    public int RequestsUnderWay
    {
        get
        {
            lock (_gate)
            {
                return _requestsUnderWay;
            }
        }
    }

    /// <summary>Gets what a request counts toward the budget.</summary>
    public static long GetCost(long bytes) => Math.Clamp(bytes, SmallestCost, TransferWindow.Smallest);

    /// <summary>Gets the place in line of an object that is asked for now.</summary>
    public long NextOrder() => Interlocked.Increment(ref _orders);

    /// <summary>Waits for the turn of a request.</summary>
    /// <param name="urgency">How urgent it is.</param>
    /// <param name="order">The place of its object in line.</param>
    /// <param name="bytes">How many bytes it asks for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The permit, to be disposed when the request has ended.</returns>
    public async ValueTask<TransferPermit> EnterAsync(
        TransferUrgency urgency, long order, long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(GetCost(bytes));
        lock (_gate)
        {
            _waiting.Enqueue(waiter, (urgency, order, ++_numbers));
            Admit();
        }

        if (waiter.Turn.Task.IsCompletedSuccessfully)
        {
            return new TransferPermit(this, waiter.Cost);
        }

        // A turn that comes together with the cancellation is given on.
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter)state!).Turn.TrySetCanceled(token), waiter);
        await waiter.Turn.Task.ConfigureAwait(false);
        return new TransferPermit(this, waiter.Cost);
    }

    /// <summary>Ends a request.</summary>
    public void Leave(long cost)
    {
        lock (_gate)
        {
            _bytesUnderWay -= cost;
            _requestsUnderWay--;
            Admit();
        }
    }

    /// <summary>Takes notice of how long a request went without its first byte.</summary>
    public void ObserveLatency(TimeSpan latency)
    {
        lock (_gate)
        {
            _window.ObserveLatency(latency);
            Admit();
        }
    }

    /// <summary>Takes notice of bytes that have come.</summary>
    public void ObserveBytes(int count)
    {
        lock (_gate)
        {
            _window.ObserveBytes(count, _waiting.Count > 0);
            Admit();
        }
    }

    /// <summary>Takes notice of a request that failed with a transient error.</summary>
    public void ObserveFailure(StorageException error)
    {
        if (error.Kind is StorageErrorKind.Throttled or StorageErrorKind.Timeout)
        {
            lock (_gate)
            {
                _window.BackOff();
            }
        }
    }

    private void Admit()
    {
        while (_waiting.TryPeek(out var waiter, out _))
        {
            if (waiter.Turn.Task.IsCompleted)
            {
                _waiting.Dequeue();
                continue;
            }

            if (_requestsUnderWay > 0
                && (_requestsUnderWay >= MostRequests || _bytesUnderWay + waiter.Cost > _window.Bytes))
            {
                return;
            }

            _waiting.Dequeue();
            if (waiter.Turn.TrySetResult())
            {
                _bytesUnderWay += waiter.Cost;
                _requestsUnderWay++;
            }
        }
    }

    private sealed class Waiter(long cost)
    {
        public long Cost => cost;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
