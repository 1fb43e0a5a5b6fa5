// SPDX-License-Identifier: MIT

using TorchStreaming.TestKit;

namespace TorchStreaming.Fuzzing;

/// <summary>Ends the process when a case does not end: no reader needs longer than this for files of some kilobytes.</summary>
internal sealed class Watchdog(FailureFolder failures) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private Timer? _timer;
    private FuzzCase? _running;

    /// <summary>Begins to watch a case.</summary>
    public void Watch(FuzzCase running)
    {
        lock (_gate)
        {
            _running = running;
            _timer ??= new Timer(_ => End());
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void End()
    {
        lock (_gate)
        {
            failures.Save(_running!, $"It did not end within {Patience.TotalSeconds} s.");
            Environment.Exit(1);
        }
    }
}
