// SPDX-License-Identifier: MIT

using System.Collections;

namespace TorchStreaming.Loading;

/// <summary>Walks the batches of one epoch, on the thread of the training loop or without blocking one.</summary>
/// <typeparam name="TBatch">What the loop gets of a batch.</typeparam>
/// <param name="loader">Ends the epoch. It lives as long as the loop holds this.</param>
/// <param name="run">The epoch.</param>
/// <param name="delivery">Makes of a batch what the loop gets.</param>
/// <param name="cancellationToken">Ends waiting for a batch.</param>
internal sealed class EpochEnumerator<TBatch>(
    BatchLoader loader, EpochRun run, IBatchDelivery<TBatch> delivery, CancellationToken cancellationToken)
    : IEnumerator<TBatch>, IAsyncEnumerator<TBatch>
    where TBatch : class
{
    private TBatch? _current;
    private bool _isAtEnd;

    public TBatch Current => _current
        ?? throw new InvalidOperationException("There is no batch: MoveNext was not called or has returned false.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        Release();
        if (!_isAtEnd && !TryTake(run.Next(cancellationToken)))
        {
            Dispose();
        }

        return !_isAtEnd;
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        Release();
        if (!_isAtEnd && !TryTake(await run.NextAsync(cancellationToken).ConfigureAwait(false)))
        {
            await DisposeAsync().ConfigureAwait(false);
        }

        return !_isAtEnd;
    }

    public void Reset() => throw new NotSupportedException("An epoch runs once: start the next one by a new enumeration.");

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Ends the batch that the loop holds, and the epoch. Further calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        Release();
        if (await loader.EndEpochAsync(run).ConfigureAwait(false))
        {
            delivery.EndEpoch();
        }
    }

    private bool TryTake(Batch? batch)
    {
        _isAtEnd = batch is null;
        _current = batch is null ? null : delivery.Deliver(batch);
        return !_isAtEnd;
    }

    private void Release()
    {
        if (_current is { } batch)
        {
            _current = null;
            delivery.Release(batch);
        }
    }
}
