// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Finds out by measuring how many bytes must be in flight at a time to fill the link to a store.</summary>
/// <remarks>
/// <para>The window starts at Little's law, an assumed bandwidth times the measured latency. Then it climbs: while requests wait for their
/// turn, it compares the goodput of one period with that of the period before the last step. A step up that brought at least a tenth of
/// what it would on an idle link is followed by another, so that a link is left at no less than 95 %; one that did not is taken back, and the
/// window rests before it tries again. A store that says it has too much to do halves it.</para>
/// <para>Not thread-safe: its scheduler's lock guards it. Deterministic in what it is told and in the clock's time stamps.</para>
/// </remarks>
internal sealed class TransferWindow(TimeProvider timeProvider)
{
    /// <summary>The smallest window: two parts, so that the next request's latency passes while one part arrives.</summary>
    public const long Smallest = 2 * ObjectDownloader.PartSize;

    /// <summary>The largest window: 64 parts, 256 MiB, which fill 10 Gbit/s over 200 ms.</summary>
    public const long Largest = 64 * ObjectDownloader.PartSize;

    /// <summary>The window before anything is known.</summary>
    public const long First = 8 * ObjectDownloader.PartSize;

    /// <summary>What a link is assumed to carry until it is measured, in bytes a second.</summary>
    public const double AssumedBandwidth = 1e9;

    private const double Step = 1.5;
    private const double WorthwhileGradient = 0.1;
    private const int RestingPeriods = 8;

    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(250);

    private double _bytes = First;
    private TimeSpan _latency;
    private bool _isStarted;
    private long _periodStart = timeProvider.GetTimestamp();
    private long _periodBytes;
    private bool _hadDemand = true;
    private bool _hasBackedOff;
    private double _goodputBeforeStep;
    private double _bytesBeforeStep;
    private int _rest;

    /// <summary>Gets how many bytes may be in flight.</summary>
    public long Bytes => (long)_bytes;

    /// <summary>Gets the goodput of the last whole period in bytes a second; 0 before the first.</summary>
    public double Goodput { get; private set; }

    /// <summary>Takes notice of how long a request went without its first byte.</summary>
    public void ObserveLatency(TimeSpan latency)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _bytes = Math.Clamp(First + (AssumedBandwidth * latency.TotalSeconds), Smallest, Largest);
        }

        // The smallest of late: what queues add is not latency, and paths change slowly.
        _latency = _latency == TimeSpan.Zero || latency < _latency ? latency : _latency + ((latency - _latency) / 64);
    }

    /// <summary>Takes notice of bytes that have come.</summary>
    /// <param name="count">How many.</param>
    /// <param name="hasDemand">Whether requests wait for their turn. Without any the link's speed shows nothing about the window.</param>
    public void ObserveBytes(long count, bool hasDemand)
    {
        _periodBytes += count;
        _hadDemand &= hasDemand;
        var elapsed = timeProvider.GetElapsedTime(_periodStart);
        if (elapsed < ShortestPeriod || elapsed < 4 * _latency)
        {
            return;
        }

        Goodput = _periodBytes / elapsed.TotalSeconds;
        if (_hadDemand && !_hasBackedOff)
        {
            Climb();
        }

        _periodStart = timeProvider.GetTimestamp();
        _periodBytes = 0;
        _hadDemand = true;
        _hasBackedOff = false;
    }

    /// <summary>Takes notice that the store asked for fewer requests, or did not answer. Counts once a period.</summary>
    public void BackOff()
    {
        if (!_hasBackedOff)
        {
            _hasBackedOff = true;
            _bytes = Math.Max(_bytes / 2, Smallest);
            _bytesBeforeStep = 0;
            _rest = RestingPeriods;
        }
    }

    private void Climb()
    {
        if (_rest > 0)
        {
            _rest--;
            return;
        }

        if (_bytesBeforeStep > 0)
        {
            var gradient = ((Goodput / _goodputBeforeStep) - 1) / ((_bytes / _bytesBeforeStep) - 1);
            if (!(gradient >= WorthwhileGradient))
            {
                _bytes = _bytesBeforeStep;
                _bytesBeforeStep = 0;
                _rest = RestingPeriods;
                return;
            }
        }

        _bytesBeforeStep = 0;
        if (_bytes < Largest && Goodput > 0)
        {
            _goodputBeforeStep = Goodput;
            _bytesBeforeStep = _bytes;
            _bytes = Math.Min(_bytes * Step, Largest);
        }
    }
}
