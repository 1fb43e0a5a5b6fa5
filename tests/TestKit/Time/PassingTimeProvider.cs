// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Time.Testing;

namespace TorchStreaming.TestKit;

/// <summary>A clock that tests move and that short waits move by themselves: it jumps to the end of one as soon as it starts, so that a
/// back-off takes no time and still counts. Thread-safe.</summary>
public sealed class PassingTimeProvider : FakeTimeProvider
{
    /// <summary>Gets or sets the longest wait that passes by itself. Zero for none.</summary>
    public TimeSpan PassAtOnce { get; set; }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PassingTimer(base.CreateTimer(callback, state, dueTime, period), this);
        Pass(dueTime);
        return timer;
    }

    private void Pass(TimeSpan wait)
    {
        // On another thread: whoever makes the timer has not stored it yet.
        if (wait > TimeSpan.Zero && wait <= PassAtOnce)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(wait));
        }
    }

    private sealed class PassingTimer(ITimer inner, PassingTimeProvider clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isChanged = inner.Change(dueTime, period);
            clock.Pass(dueTime);
            return isChanged;
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
