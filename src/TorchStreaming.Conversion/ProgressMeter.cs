// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Counts what is done and passes it on, seldom enough not to matter. Thread-safe.</summary>
internal sealed class ProgressMeter
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly IProgress<ConversionProgress>? _progress;
    private readonly TimeProvider _time;
    private ConversionProgress _current;
    private long _lastReport;

    /// <summary>Creates the meter and reports the start.</summary>
    public ProgressMeter(IProgress<ConversionProgress>? progress, ConversionProgress start, TimeProvider time)
    {
        _progress = progress;
        _time = time;
        _current = start;
        _lastReport = time.GetTimestamp();
        progress?.Report(start);
    }

    /// <summary>Adds to the counts.</summary>
    public void Add(long done, long skipped, long bytes)
    {
        lock (_lock)
        {
            _current = _current with { Done = _current.Done + done, Skipped = _current.Skipped + skipped, Bytes = _current.Bytes + bytes };
            if (_time.GetElapsedTime(_lastReport) >= Interval)
            {
                Report();
            }
        }
    }

    /// <summary>Makes the last report.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _current = _current with { Total = Math.Max(_current.Total, _current.Done) };
            Report();
        }
    }

    private void Report()
    {
        _lastReport = _time.GetTimestamp();
        _progress?.Report(_current);
    }
}
