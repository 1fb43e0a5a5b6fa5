// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;

namespace TorchStreaming.Tests.Conversion;

public sealed class OrderedPipelineTests
{
    [Fact]
    public async Task SelectAsync_SlowFirstNumber_KeepsTheOrder()
    {
        using var others = new CountdownEvent(3);
        var results = new List<int>();
        await foreach (var result in OrderedPipeline.SelectAsync(
            Enumerable.Range(10, 10).ToAsyncEnumerable(),
            workers: 2,
            window: 4,
            () => new Worker(),
            (_, number) =>
            {
                if (number == 10)
                {
                    others.Wait();
                }
                else if (!others.IsSet)
                {
                    others.Signal();
                }

                return number * number;
            },
            CancellationToken.None))
        {
            results.Add(result);
        }

        Assert.Equal(Enumerable.Range(10, 10).Select(number => number * number), results);
    }

    [Fact]
    public async Task SelectAsync_Failure_SurfacesAtItsPlace()
    {
        var results = new List<int>();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var result in Numbers(100, number => number < 7 ? number : throw new InvalidOperationException($"{number}")))
            {
                results.Add(result);
            }
        });

        Assert.Equal("7", failure.Message);
        Assert.Equal(Enumerable.Range(0, 7), results);
    }

    [Fact]
    public async Task SelectAsync_ItemsEndInAFailure_GivesTheResultsBefore()
    {
        var results = new List<int>();
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var result in OrderedPipeline.SelectAsync(
                Items().ToAsyncEnumerable(), 3, 6, () => new Worker(), (_, number) => number, CancellationToken.None))
            {
                results.Add(result);
            }
        });

        Assert.Equal(Enumerable.Range(0, 20), results);

        static IEnumerable<int> Items()
        {
            for (var number = 0; number < 20; number++)
            {
                yield return number;
            }

            throw new InvalidDataException();
        }
    }

    [Fact]
    public async Task SelectAsync_WorkerCannotBeMade_Fails() => await Assert.ThrowsAsync<NotSupportedException>(async () =>
    {
        await foreach (var _ in OrderedPipeline.SelectAsync<int, Worker, int>(
            Enumerable.Range(0, 10).ToAsyncEnumerable(), 2, 4, () => throw new NotSupportedException(), (_, number) => number, CancellationToken.None))
        {
        }
    });

    [Fact]
    public async Task SelectAsync_ConsumerStops_EndsAndDisposesAllWorkers()
    {
        var workers = new List<Worker>();
        var started = 0;
        await foreach (var number in OrderedPipeline.SelectAsync(
            Enumerable.Range(0, 1_000_000).ToAsyncEnumerable(),
            3,
            4,
            () =>
            {
                var worker = new Worker();
                lock (workers)
                {
                    workers.Add(worker);
                }

                return worker;
            },
            (_, number) =>
            {
                Interlocked.Increment(ref started);
                return number;
            },
            CancellationToken.None))
        {
            if (number == 5)
            {
                break;
            }
        }

        Assert.All(workers, worker => Assert.True(worker.IsDisposed));
        Assert.InRange(started, 6, 6 + 4 + 4 + 3);
    }

    [Fact]
    public async Task SelectAsync_Cancelled_ThrowsForTheCallersToken()
    {
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var number in OrderedPipeline.SelectAsync(
                Enumerable.Range(0, 1_000_000).ToAsyncEnumerable(), 2, 4, () => new Worker(), (_, number) => number, source.Token))
            {
                if (number == 3)
                {
                    await source.CancelAsync();
                }
            }
        });
    }

    private static IAsyncEnumerable<int> Numbers(int end, Func<int, int> work) =>
        OrderedPipeline.SelectAsync(Enumerable.Range(0, end).ToAsyncEnumerable(), 3, 6, () => new Worker(), (_, number) => work(number), CancellationToken.None);

    private sealed class Worker : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
