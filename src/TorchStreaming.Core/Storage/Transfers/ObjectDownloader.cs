// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace TorchStreaming.Storage;

/// <summary>Downloads objects of one store: several aligned parts of an object at a time, the object asked for first before the others, as
/// much at a time as fills the link.</summary>
/// <remarks>
/// <para>Every part is retried and resumed by the <see cref="RetryingObjectStore"/> below. All answers must speak of one version of the
/// object; a changed one is an error of kind <see cref="StorageErrorKind.PreconditionFailed"/>. A store that proves to ignore ranges is
/// read with one request for each object.</para>
/// <para>Memory: a buffer of <see cref="BufferSize"/> bytes for each request under way, of which the process has at most
/// <see cref="TransferScheduler.MostRequests"/> for a store, twice that for stragglers: less than 64 MiB. Thread-safe.</para>
/// </remarks>
internal sealed class ObjectDownloader(
    IObjectStore store, TransferScheduler scheduler, TransferCounters counters, ILogger logger)
{
    /// <summary>The size of a part; the last one of an object may be shorter.</summary>
    public const int PartSize = 4 << 20;

    /// <summary>How much a request has in memory.</summary>
    public const int BufferSize = 256 << 10;

    private RangeSupport _ranges;

    /// <summary>Gets the store's root for messages.</summary>
    public string Location => store.Location;

    /// <summary>Gets whether the store was seen to ignore ranges.</summary>
    public bool IgnoresRanges => _ranges == RangeSupport.Ignored;

    /// <summary>Downloads an object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="size">The size that it must have, or less than 0 where nobody knows.</param>
    /// <param name="target">Receives the bytes. It refuses what is not as it should be.</param>
    /// <param name="cancellationToken">Ends the work. When the call has ended nothing is written any more.</param>
    /// <exception cref="StorageException">The store failed, or the object changed.</exception>
    public async Task DownloadAsync(string key, long size, IDownloadTarget target, CancellationToken cancellationToken)
    {
        var order = scheduler.NextOrder();
        var version = new ObjectVersion($"{store.Location}/{key}");
        if (size <= PartSize || _ranges == RangeSupport.Ignored
            || !await TryDownloadPartsAsync(order, key, size, version, target, cancellationToken).ConfigureAwait(false))
        {
            await DownloadWholeAsync(order, key, size, version, target, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a run of bytes ahead of all downloads of files.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="version">The object that it must be.</param>
    /// <param name="target">Receives the bytes, with their offsets in the object.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether the store gave them; <see langword="false"/> where it knows no ranges.</returns>
    public async Task<bool> TryReadAsync(
        string key, long offset, long length, ObjectVersion version, IDownloadTarget target, CancellationToken cancellationToken)
    {
        if (_ranges == RangeSupport.Ignored)
        {
            return false;
        }

        using var permit = await scheduler.EnterAsync(TransferUrgency.Samples, 0, length, cancellationToken).ConfigureAwait(false);
        var part = new PartDownload(store, key, offset, length, version, target, scheduler);
        await part.RunAsync(scheduler.Samples, refuseIgnoredRange: true, cancellationToken).ConfigureAwait(false);
        counters.CountSampleRead(part.IgnoresRanges ? 0 : length);
        Note(part, key);
        return !part.IgnoresRanges;
    }

    private async Task<bool> TryDownloadPartsAsync(
        long order, string key, long size, ObjectVersion version, IDownloadTarget target, CancellationToken cancellationToken)
    {
        var first = 0;
        if (_ranges == RangeSupport.Unknown)
        {
            // Costs one round trip for the first object of a store; later ones ask for all parts at once.
            var permit = await scheduler.EnterAsync(TransferUrgency.File, order, PartSize, cancellationToken).ConfigureAwait(false);
            await RunPartAsync(permit, key, 0, size, version, target, refuseIgnoredRange: true, cancellationToken).ConfigureAwait(false);
            if (IgnoresRanges)
            {
                return false;
            }

            first = 1;
        }

        await DownloadPartsAsync(first, order, key, size, version, target, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task DownloadPartsAsync(
        int first, long order, string key, long size, ObjectVersion version, IDownloadTarget target, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task>();
        var failure = default(Exception);
        try
        {
            for (var start = (long)first * PartSize; start < size; start += PartSize)
            {
                var permit = await scheduler.EnterAsync(
                    TransferUrgency.File, order, Math.Min(PartSize, size - start), stop.Token).ConfigureAwait(false);
                running.Add(RunOrStopAsync(permit, start));
            }
        }
        catch (OperationCanceledException)
        {
            // Either the caller's wish or the failure of a part, which follows.
        }

        await Task.WhenAll(running).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        async Task RunOrStopAsync(TransferPermit permit, long start)
        {
            try
            {
                await RunPartAsync(permit, key, start, size, version, target, refuseIgnoredRange: false, stop.Token).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, error, null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task RunPartAsync(
        TransferPermit permit,
        string key,
        long start,
        long size,
        ObjectVersion version,
        IDownloadTarget target,
        bool refuseIgnoredRange,
        CancellationToken cancellationToken)
    {
        using (permit)
        {
            counters.CountRequest();
            var part = new PartDownload(store, key, start, Math.Min(PartSize, size - start), version, target, scheduler);
            await part.RunAsync(scheduler.Parts, refuseIgnoredRange, cancellationToken).ConfigureAwait(false);
            Note(part, key);
        }
    }

    private void Note(PartDownload part, string key)
    {
        if (part.IsHedged)
        {
            counters.CountHedge();
            Log.Hedged(logger, $"{store.Location}/{key}");
        }

        if (part.IgnoresRanges)
        {
            if (_ranges != RangeSupport.Ignored)
            {
                Log.RangesIgnored(logger, store.Location);
            }

            _ranges = RangeSupport.Ignored;
        }
        else if (_ranges == RangeSupport.Unknown)
        {
            _ranges = RangeSupport.Honored;
        }
    }

    private async Task DownloadWholeAsync(
        long order, string key, long size, ObjectVersion version, IDownloadTarget target, CancellationToken cancellationToken)
    {
        using var permit = await scheduler.EnterAsync(
            TransferUrgency.File, order, size is >= 0 and < PartSize ? size : PartSize, cancellationToken).ConfigureAwait(false);
        counters.CountRequest();
        var opened = scheduler.TimeProvider.GetTimestamp();
        var content = await store.OpenReadAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var disposal = content.ConfigureAwait(false);
        scheduler.ObserveLatency(scheduler.TimeProvider.GetElapsedTime(opened));
        version.Check(content.Info);
        target.Begin(content.Info);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(size, 1, BufferSize));
        try
        {
            for (long position = 0; await content.Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0;)
            {
                scheduler.ObserveBytes(read);
                target.Write(position, buffer.AsSpan(0, read));
                position += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private enum RangeSupport
    {
        Unknown,
        Honored,
        Ignored,
    }
}
