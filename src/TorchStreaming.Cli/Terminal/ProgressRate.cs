// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Conversion;

namespace TorchStreaming.Cli;

/// <summary>Turns counts into a rate and the time that remains. Thread-safe.</summary>
internal sealed class ProgressRate
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private ConversionProgress _latest;
    private long? _doneAtStart;

    /// <summary>Starts the clock.</summary>
    public ProgressRate(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Gets the time since the start.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Gets the latest counts.</summary>
    public ConversionProgress Latest
    {
        get
        {
            lock (_lock)
            {
                return _latest;
            }
        }
    }

    /// <summary>Gets the samples per second of this run; what an earlier run did does not count.</summary>
    public double SamplesPerSecond
    {
        get
        {
            lock (_lock)
            {
                var seconds = Elapsed.TotalSeconds;
                return seconds <= 0 ? 0 : (_latest.Done - (_doneAtStart ?? 0)) / seconds;
            }
        }
    }

    /// <summary>Takes new counts.</summary>
    public void Update(ConversionProgress progress)
    {
        lock (_lock)
        {
            _doneAtStart ??= progress.Done;
            _latest = progress;
        }
    }

    /// <summary>Renders rate and remaining time, for example <c>812/s, 12 s left</c>.</summary>
    public string Describe()
    {
        var (latest, rate) = (Latest, SamplesPerSecond);
        var text = string.Create(CultureInfo.InvariantCulture, $"{rate:N0}/s");
        return rate > 0 && latest.Done < latest.Total ? $"{text}, {Duration((latest.Total - latest.Done) / rate)} left" : text;
    }

    /// <summary>Renders a time for people, for example <c>2 min 5 s</c>.</summary>
    public static string Duration(double seconds)
    {
        var whole = (long)Math.Ceiling(Math.Min(seconds, 1e9));
        return whole switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{whole} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min {whole % 60} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole / 3600} h {whole % 3600 / 60} min"),
        };
    }
}
