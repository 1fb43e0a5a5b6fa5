// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Runtime.ExceptionServices;

namespace TorchStreaming.Storage;

/// <summary>One write to a store that takes large objects in parts: a single request when the content fits into one part, else parts of
/// equal size, several under way at once, published by a last request and abandoned on any failure. The content is read once, front to
/// back, so it need neither be seekable nor know its length.</summary>
/// <typeparam name="TPart">What the store answers to a part and wants back at the end.</typeparam>
internal abstract class PartedUpload<TPart>
{
    private readonly int _partSize;
    private readonly int _maximumPartSize;
    private readonly int _maximumParts;
    private readonly int _concurrency;

    /// <param name="location">The object, for messages.</param>
    /// <param name="partSize">The size of the parts.</param>
    /// <param name="maximumPartSize">The size that parts may grow to when the content is known to need more than
    /// <paramref name="maximumParts"/>.</param>
    /// <param name="maximumParts">The store's limit.</param>
    /// <param name="concurrency">How many parts are under way at once; each holds a buffer.</param>
    protected PartedUpload(string location, int partSize, int maximumPartSize, int maximumParts, int concurrency)
    {
        Location = location;
        _partSize = partSize;
        _maximumPartSize = maximumPartSize;
        _maximumParts = maximumParts;
        _concurrency = concurrency;
    }

    protected string Location { get; }

    public async Task RunAsync(Stream content, CancellationToken cancellationToken)
    {
        var remaining = content.CanSeek ? Math.Max(0, content.Length - content.Position) : (long?)null;
        var partSize = PartSizeFor(remaining);
        // One byte more than a short content has: reading it shows that the content grew.
        var wanted = remaining < partSize ? (int)remaining + 1 : partSize;
        var buffer = ArrayPool<byte>.Shared.Rent(wanted);
        try
        {
            var count = await ReadAsync(content, buffer, wanted, cancellationToken).ConfigureAwait(false);
            if (count < wanted)
            {
                await SendWholeAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                return;
            }

            if (wanted < partSize)
            {
                throw new InvalidOperationException($"The content for '{Location}' grew while it was being written.");
            }

            await BeginAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        await FinishAsync(content, buffer, partSize, cancellationToken).ConfigureAwait(false);
    }

    protected abstract Task SendWholeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    protected abstract Task BeginAsync(CancellationToken cancellationToken);

    /// <summary>Sends a part; parts are numbered from 1.</summary>
    protected abstract Task<TPart> SendPartAsync(
        int number, long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Publishes the object.</summary>
    protected abstract Task CompleteAsync(IReadOnlyList<TPart> parts, long length, CancellationToken cancellationToken);

    /// <summary>Frees what was sent; its failures are ignored, since they would hide the real one.</summary>
    protected abstract Task AbandonAsync(CancellationToken cancellationToken);

    private async Task FinishAsync(Stream content, byte[] first, int partSize, CancellationToken cancellationToken)
    {
        try
        {
            var (parts, length) = await SendPartsAsync(content, first, partSize, cancellationToken).ConfigureAwait(false);
            await CompleteAsync(parts, length, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await TryAbandonAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task TryAbandonAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try
        {
            await AbandonAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What led here is thrown; stores drop abandoned parts by a rule of their own in the end.
        }
    }

    private async Task<(List<TPart> Parts, long Length)> SendPartsAsync(
        Stream content, byte[] first, int partSize, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task<TPart>>();
        var done = new List<TPart>();
        long length = partSize;
        running.Enqueue(SendAndReturnAsync(1, 0, first, partSize, stop));
        try
        {
            for (var number = 2; ; number++)
            {
                if (running.Count == _concurrency)
                {
                    done.Add(await running.Dequeue().ConfigureAwait(false));
                }

                var (buffer, count) = await ReadPartAsync(content, partSize, stop.Token).ConfigureAwait(false);
                if (buffer is not null)
                {
                    running.Enqueue(SendAndReturnAsync(number, length, buffer, count, stop));
                    length += count;
                }

                if (count < partSize)
                {
                    done.AddRange(await Task.WhenAll(running).ConfigureAwait(false));
                    return (done, length);
                }
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // The part in front may only have been ended by the failure of one after it.
            if (running.FirstOrDefault(static part => part.IsFaulted)?.Exception?.InnerException is { } cause
                && !cancellationToken.IsCancellationRequested)
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            throw;
        }
    }

    /// <summary>Reads the next part into a rented buffer; there is none when the content has ended.</summary>
    private static async Task<(byte[]? Buffer, int Count)> ReadPartAsync(Stream content, int partSize, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(partSize);
        var count = 0;
        try
        {
            count = await ReadAsync(content, buffer, partSize, cancellationToken).ConfigureAwait(false);
            return (count == 0 ? null : buffer, count);
        }
        finally
        {
            if (count == 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Sends a part; the first that fails ends the others.</summary>
    private async Task<TPart> SendAndReturnAsync(int number, long offset, byte[] buffer, int count, CancellationTokenSource stop)
    {
        try
        {
            return number <= _maximumParts
                ? await SendPartAsync(number, offset, buffer.AsMemory(0, count), stop.Token).ConfigureAwait(false)
                : throw TooLarge();
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ValueTask<int> ReadAsync(Stream content, byte[] buffer, int wanted, CancellationToken cancellationToken) =>
        content.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);

    private int PartSizeFor(long? length)
    {
        var needed = (length ?? 0) / _maximumParts + 1;
        return needed <= _partSize ? _partSize
            : needed <= _maximumPartSize ? (int)needed
            : throw TooLarge();
    }

    private StorageException TooLarge() => new(
        StorageErrorKind.NotSupported,
        Location,
        $"The content for '{Location}' needs more than {_maximumParts} parts; set a larger part size.");
}
