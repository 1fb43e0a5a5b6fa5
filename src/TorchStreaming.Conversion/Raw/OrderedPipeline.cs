// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace TorchStreaming.Conversion;

/// <summary>Does work on several threads and gives the results in the order of the input, never more than a window ahead of the
/// consumer.</summary>
internal static class OrderedPipeline
{
    /// <summary>Maps a row of items.</summary>
    /// <typeparam name="TItem">An item.</typeparam>
    /// <typeparam name="TWorker">What a worker owns: buffers, native handles.</typeparam>
    /// <typeparam name="TResult">The result for one item.</typeparam>
    /// <param name="items">The items; gone through once, on one thread, as far as the window reaches.</param>
    /// <param name="workers">How many items are worked on at a time.</param>
    /// <param name="window">How many results may wait for the consumer.</param>
    /// <param name="createWorker">Makes what one worker owns; called once per worker, at its first item.</param>
    /// <param name="work">Does the work for an item.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The results. The first failure surfaces at its own place in the order, when all workers have ended.</returns>
    public static async IAsyncEnumerable<TResult> SelectAsync<TItem, TWorker, TResult>(
        IAsyncEnumerable<TItem> items,
        int workers,
        int window,
        Func<TWorker> createWorker,
        Func<TWorker, TItem, TResult> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TWorker : IDisposable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var jobs = Channel.CreateBounded<Job<TItem, TResult>>(new BoundedChannelOptions(window) { SingleWriter = true });
        var ordered = Channel.CreateBounded<Task<TResult>>(new BoundedChannelOptions(window) { SingleWriter = true, SingleReader = true });
        var tasks = Enumerable.Range(0, workers)
            .Select(_ => Task.Run(() => RunWorkerAsync(jobs.Reader, createWorker, work, stop.Token), CancellationToken.None))
            .Append(Task.Run(() => FeedAsync(items, jobs.Writer, ordered.Writer, stop.Token), CancellationToken.None))
            .ToArray();
        try
        {
            await foreach (var result in ordered.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return await result.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FeedAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items, ChannelWriter<Job<TItem, TResult>> jobs, ChannelWriter<Task<TResult>> ordered, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                var job = new Job<TItem, TResult>(item);
                await ordered.WriteAsync(job.Task, cancellationToken).ConfigureAwait(false);
                await jobs.WriteAsync(job, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // It surfaces after the results of the items before.
            failure = exception;
        }
        finally
        {
            jobs.Complete();
            ordered.Complete(failure);
        }
    }

    private static async Task RunWorkerAsync<TItem, TWorker, TResult>(
        ChannelReader<Job<TItem, TResult>> jobs, Func<TWorker> createWorker, Func<TWorker, TItem, TResult> work, CancellationToken cancellationToken)
        where TWorker : IDisposable
    {
        TWorker? worker = default;
        try
        {
            await foreach (var job in jobs.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                job.Run(item => work(worker ??= createWorker(), item));
            }
        }
        finally
        {
            worker?.Dispose();
        }
    }

    /// <summary>One item and its result to come.</summary>
    private sealed class Job<TItem, TResult>(TItem item) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>Does the work; a failure belongs to the item's place in the order.</summary>
        public void Run(Func<TItem, TResult> work)
        {
            try
            {
                SetResult(work(item));
            }
            catch (Exception exception)
            {
                SetException(exception);

                // Observed here, since nobody awaits the items after a failure.
                _ = Task.Exception;
            }
        }
    }
}
