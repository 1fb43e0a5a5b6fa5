// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Storage;

/// <summary>Brings one run of an object's bytes with one request, or two where the first one straggles. Both continue after the last byte
/// that either has brought; the one that is ahead is written, so that every byte is written once.</summary>
internal sealed class PartDownload(
    IObjectStore store, string key, long start, long length, ObjectVersion version, IDownloadTarget target, TransferScheduler scheduler)
{
    private readonly Lock _gate = new();
    private long _position;

    /// <summary>Gets whether a second request was made.</summary>
    public bool IsHedged { get; private set; }

    /// <summary>Gets whether the store sent more than it was asked for: it knows no ranges.</summary>
    public bool IgnoresRanges { get; private set; }

    private long Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    /// <summary>Brings the bytes.</summary>
    /// <param name="watch">Who knows how long others take.</param>
    /// <param name="refuseIgnoredRange">Whether to stop, before a byte is written, where the store knows no ranges.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task RunAsync(StragglerWatch watch, bool refuseIgnoredRange, CancellationToken cancellationToken)
    {
        using var request = watch.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = ReadAsync(refuseIgnoredRange, stop.Token);
        if (await Task.WhenAny(first, request.Overdue).ConfigureAwait(false) == first)
        {
            await first.ConfigureAwait(false);
        }
        else
        {
            IsHedged = true;
            await RaceAsync(first, ReadAsync(refuseIgnoredRange, stop.Token), stop).ConfigureAwait(false);
        }

        if (Position == length)
        {
            request.SetDone();
        }
    }

    private static async Task RaceAsync(Task first, Task second, CancellationTokenSource stop)
    {
        var winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        var other = winner == first ? second : first;
        if (winner.IsCompletedSuccessfully)
        {
            // The other one has nothing left to bring; nothing of it may continue after the end of this call.
            await stop.CancelAsync().ConfigureAwait(false);
            await other.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        try
        {
            await other.ConfigureAwait(false);
        }
        catch when (winner.IsFaulted)
        {
            // Both failed; the first failure is the one to tell.
            await winner.ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(bool refuseIgnoredRange, CancellationToken cancellationToken)
    {
        var from = Position;
        if (from == length)
        {
            return;
        }

        var opened = scheduler.TimeProvider.GetTimestamp();
        var content = await store.OpenReadAsync(key, new ByteRange(start + from, length - from), version.ETag, cancellationToken)
            .ConfigureAwait(false);
        await using var disposal = content.ConfigureAwait(false);
        if (content.IgnoresRange)
        {
            IgnoresRanges = true;
            if (refuseIgnoredRange)
            {
                return;
            }
        }

        scheduler.ObserveLatency(scheduler.TimeProvider.GetElapsedTime(opened));
        if (version.Check(content.Info))
        {
            target.Begin(content.Info);
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length - from, ObjectDownloader.BufferSize));
        try
        {
            while (from < length && Position < length)
            {
                var read = await content.Stream.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - from)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw ObjectConditions.BeyondEnd($"{store.Location}/{key}", start + length, start + from);
                }

                Accept(from, buffer.AsSpan(0, read));
                from += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Accept(long from, ReadOnlySpan<byte> bytes)
    {
        scheduler.ObserveBytes(bytes.Length);
        lock (_gate)
        {
            if (from + bytes.Length > _position)
            {
                target.Write(start + _position, bytes[(int)(_position - from)..]);
                _position = from + bytes.Length;
            }
        }
    }
}
