// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace TorchStreaming.Conversion;

/// <summary>Does work on several threads and gives the results in the order of the input, never more than a window ahead of the
/// consumer.</summary>
internal static class OrderedPipeline
{
    /// <summary>Maps a range of numbers.</summary>
    /// <typeparam name="TWorker">What a worker owns: buffers, native handles.</typeparam>
    /// <typeparam name="TResult">The result for one number.</typeparam>
    /// <param name="start">The first number.</param>
    /// <param name="end">The number after the last.</param>
    /// <param name="workers">How many numbers are worked on at a time.</param>
    /// <param name="window">How many results may wait for the consumer.</param>
    /// <param name="createWorker">Makes what one worker owns; called once per worker, at its first number.</param>
    /// <param name="work">Does the work for a number.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The results. The first failure surfaces at its own place in the order, when all workers have ended.</returns>
    public static async IAsyncEnumerable<TResult> SelectAsync<TWorker, TResult>(
        int start,
        int end,
        int workers,
        int window,
        Func<TWorker> createWorker,
        Func<TWorker, int, TResult> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TWorker : IDisposable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var jobs = Channel.CreateBounded<Job<TResult>>(new BoundedChannelOptions(window) { SingleWriter = true });
        var ordered = Channel.CreateBounded<Task<TResult>>(new BoundedChannelOptions(window) { SingleWriter = true, SingleReader = true });
        var tasks = Enumerable.Range(0, workers)
            .Select(_ => Task.Run(() => RunWorkerAsync(jobs.Reader, createWorker, work, stop.Token), CancellationToken.None))
            .Append(Task.Run(() => FeedAsync(start, end, jobs.Writer, ordered.Writer, stop.Token), CancellationToken.None))
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

    private static async Task FeedAsync<TResult>(
        int start, int end, ChannelWriter<Job<TResult>> jobs, ChannelWriter<Task<TResult>> ordered, CancellationToken cancellationToken)
    {
        try
        {
            for (var number = start; number < end; number++)
            {
                var job = new Job<TResult>(number);
                await ordered.WriteAsync(job.Task, cancellationToken).ConfigureAwait(false);
                await jobs.WriteAsync(job, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            jobs.Complete();
            ordered.Complete();
        }
    }

    private static async Task RunWorkerAsync<TWorker, TResult>(
        ChannelReader<Job<TResult>> jobs, Func<TWorker> createWorker, Func<TWorker, int, TResult> work, CancellationToken cancellationToken)
        where TWorker : IDisposable
    {
        TWorker? worker = default;
        try
        {
            await foreach (var job in jobs.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                job.Run(number => work(worker ??= createWorker(), number));
            }
        }
        finally
        {
            worker?.Dispose();
        }
    }

    /// <summary>One number and its result to come.</summary>
    private sealed class Job<TResult>(int number) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>Does the work; a failure belongs to the number's place in the order.</summary>
        public void Run(Func<int, TResult> work)
        {
            try
            {
                SetResult(work(number));
            }
            catch (Exception exception)
            {
                SetException(exception);

                // Observed here, since nobody awaits the numbers after a failure.
                _ = Task.Exception;
            }
        }
    }
}
