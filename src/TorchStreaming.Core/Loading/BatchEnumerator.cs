// SPDX-License-Identifier: MIT

using System.Collections;

namespace TorchStreaming.Loading;

/// <summary>Walks the batches of one epoch on the thread of the training loop.</summary>
internal sealed class BatchEnumerator(BatchLoader loader, EpochRun run, CancellationToken cancellationToken) : IEnumerator<Batch>
{
    public Batch Current => run.Current
        ?? throw new InvalidOperationException("There is no batch: MoveNext was not called or has returned false.");

    object IEnumerator.Current => Current;

    public bool MoveNext() => run.Next(cancellationToken) is not null;

    public void Reset() => throw new NotSupportedException("An epoch runs once: start the next one by a new enumeration.");

    public void Dispose() => loader.EndEpochAsync(run).AsTask().GetAwaiter().GetResult();
}
