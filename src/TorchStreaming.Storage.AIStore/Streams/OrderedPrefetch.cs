// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace TorchStreaming.Streams;

/// <summary>Works some items ahead of the consumer and gives the results in order.</summary>
internal static class OrderedPrefetch
{
    /// <summary>Starts work on up to <paramref name="ahead"/> items at a time. A failure surfaces at its item's place.</summary>
    public static async IAsyncEnumerable<TResult> ReadAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        Func<TItem, CancellationToken, Task<TResult>> work,
        int ahead,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pending = new Queue<Task<TResult>>();
        var source = items.GetAsyncEnumerator(stop.Token);
        try
        {
            for (var isEnd = false; ;)
            {
                while (!isEnd && pending.Count < ahead)
                {
                    isEnd = !await source.MoveNextAsync().ConfigureAwait(false);
                    if (!isEnd)
                    {
                        pending.Enqueue(work(source.Current, stop.Token));
                    }
                }

                if (!pending.TryDequeue(out var next))
                {
                    yield break;
                }

                yield return await next.ConfigureAwait(false);
            }
        }
        finally
        {
            // A consumer that stops early leaves work behind; it ends before the enumeration does.
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var left in pending)
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
