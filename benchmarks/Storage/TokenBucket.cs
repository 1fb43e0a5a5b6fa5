// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TorchStreaming.Benchmarks.Storage;

/// <summary>Lets bytes pass at a rate, whoever sends them, in the order in which they ask. Thread-safe.</summary>
internal sealed class TokenBucket(double bytesPerSecond)
{
    // Timers are good for milliseconds; what passes at once must be more than that.
    private static readonly double Burst = 0.004 * Stopwatch.Frequency;

    private readonly Lock _gate = new();
    private double _free = Stopwatch.GetTimestamp();

    /// <summary>Waits until some bytes may pass.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        double wait;
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            _free = Math.Max(_free, now - Burst) + (bytes / bytesPerSecond * Stopwatch.Frequency);
            wait = _free - now;
        }

        return wait <= 0
            ? ValueTask.CompletedTask
            : new ValueTask(Task.Delay(TimeSpan.FromSeconds(wait / Stopwatch.Frequency), TimeProvider.System, cancellationToken));
    }
}
