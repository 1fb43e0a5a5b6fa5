// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>A link that all transfers share: bytes take their turn at a steady rate. Thread-safe.</summary>
internal sealed class LinkLimit
{
    /// <summary>Waits below this are saved up: timers are no finer.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    private readonly TimeProvider _time;
    private readonly double _bytesPerSecond;
    private readonly long _start;
    private readonly Lock _lock = new();
    private TimeSpan _free;

    /// <summary>Creates the link.</summary>
    /// <param name="bytesPerSecond">Its rate, above 0.</param>
    /// <param name="time">The clock.</param>
    public LinkLimit(double bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        _bytesPerSecond = bytesPerSecond;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Waits until bytes have passed.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task PassAsync(int count, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            _free = (_free > now ? _free : now) + TimeSpan.FromSeconds(count / _bytesPerSecond);
            wait = _free - now;
        }

        return wait < Shortest ? Task.CompletedTask : Task.Delay(wait, _time, cancellationToken);
    }
}
