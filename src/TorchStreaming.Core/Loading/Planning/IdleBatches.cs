// SPDX-License-Identifier: MIT

using System.Threading.Tasks.Sources;

namespace TorchStreaming.Loading;

/// <summary>The objects that wait to carry a batch; their number bounds how far the plan is read ahead.</summary>
/// <remarks>Any thread returns, one taker at a time waits, and waiting allocates nothing.</remarks>
internal sealed class IdleBatches : IValueTaskSource<PlannedBatch?>
{
    private readonly Lock _lock = new();
    private readonly Stack<PlannedBatch> _batches = new();
    private ManualResetValueTaskSourceCore<PlannedBatch?> _taker = new() { RunContinuationsAsynchronously = true };
    private bool _waits;
    private bool _stopped;

    /// <summary>Adds an object that is not in use.</summary>
    public void Return(PlannedBatch batch)
    {
        batch.End();
        lock (_lock)
        {
            if (!_waits)
            {
                _batches.Push(batch);
                return;
            }

            _waits = false;
        }

        _taker.SetResult(batch);
    }

    /// <summary>Waits for an object.</summary>
    /// <returns>The object, or <see langword="null"/> after <see cref="Stop"/>.</returns>
    public ValueTask<PlannedBatch?> TakeAsync()
    {
        lock (_lock)
        {
            if (_stopped || _batches.Count > 0)
            {
                return new ValueTask<PlannedBatch?>(_stopped ? null : _batches.Pop());
            }

            _taker.Reset();
            _waits = true;
            return new ValueTask<PlannedBatch?>(this, _taker.Version);
        }
    }

    /// <summary>Ends the wait, now and later.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            if (!_waits)
            {
                return;
            }

            _waits = false;
        }

        _taker.SetResult(null);
    }

    PlannedBatch? IValueTaskSource<PlannedBatch?>.GetResult(short token) => _taker.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<PlannedBatch?>.GetStatus(short token) => _taker.GetStatus(token);

    void IValueTaskSource<PlannedBatch?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _taker.OnCompleted(continuation, state, token, flags);
}
