// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Storage;

/// <summary>The token of a stream's reads, one after the other: canceled by either of two tokens, or when a read takes too long.</summary>
/// <remarks>All reads share one source, armed again for each, so that a read allocates nothing. A source that was canceled is replaced,
/// also when that came too late for its read: the next read starts fresh. Not thread-safe, as streams are not.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Between reads the timer is at rest and the source holds nothing.")]
internal sealed class ReadCancellation
{
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _first;
    private CancellationTokenRegistration _second;

    /// <summary>Creates it for reads that may take any time.</summary>
    public ReadCancellation()
        : this(Timeout.InfiniteTimeSpan, TimeProvider.System)
    {
    }

    /// <summary>Creates it for reads that may take some time each.</summary>
    public ReadCancellation(TimeSpan timeout, TimeProvider timeProvider)
    {
        _timeout = timeout;
        _timeProvider = timeProvider;
    }

    /// <summary>Starts a read. <see cref="End"/> follows, whatever comes of it.</summary>
    /// <returns>The read's token.</returns>
    public CancellationToken Begin(CancellationToken first, CancellationToken second)
    {
        if (_source is { } source && source.TryReset())
        {
            source.CancelAfter(_timeout);
        }
        else
        {
            _source?.Dispose();
            _source = source = new CancellationTokenSource(_timeout, _timeProvider);
        }

        _first = Link(source, first);
        _second = Link(source, second);
        return source.Token;
    }

    /// <summary>Ends the read: neither the tokens nor the time cancel anything until the next one.</summary>
    public void End()
    {
        _first.Dispose();
        _second.Dispose();
        _source?.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    private static CancellationTokenRegistration Link(CancellationTokenSource source, CancellationToken token) =>
        token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
}
