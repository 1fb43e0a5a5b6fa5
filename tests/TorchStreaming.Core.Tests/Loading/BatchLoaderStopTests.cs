// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Loading;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Loading;

public sealed class BatchLoaderStopTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Dispose_WithinAnEpoch_GivesEverythingBack(int threads)
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8, 8, 8);
        cache.Close(3);
        var transform = new IdAndTextTransform();
        var allocator = new TrackingBatchAllocator();
        var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4),
            transform,
            new BatchLoaderOptions { Threads = threads, Allocator = allocator });
        var batches = loader.GetEnumerator();
        batches.MoveNext();

        loader.Dispose();
        loader.Dispose();

        Assert.Equal(0, cache.OpenLeases);
        Assert.Equal(0, cache.PendingRequests);
        Assert.Equal(0, transform.OpenWorkers);
        Assert.Equal(0, allocator.OpenBlocks);
        Assert.Throws<InvalidOperationException>(() => batches.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => loader.GetEnumerator());
        batches.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void MoveNext_AfterTheLastBatch_StaysFalseAndHoldsNothing(int threads)
    {
        var cache = new ScriptedShardCache(0, 8, 8);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });
        using var batches = loader.GetEnumerator();
        var count = 0;
        while (batches.MoveNext())
        {
            count++;
        }

        Assert.Equal(4, count);
        Assert.Equal(0, cache.OpenLeases);
        Assert.False(batches.MoveNext());
        Assert.Throws<InvalidOperationException>(() => batches.Current);
        Assert.Equal(16, loader.StateDict().SampleInEpoch);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Break_WithinAnEpoch_EndsRequestsAndLeasesAtOnce(int threads)
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8, 8, 8);
        cache.Close(1);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });

        foreach (var batch in loader)
        {
            Assert.Equal(4, batch.Count);
            break;
        }

        Assert.Equal(0, cache.OpenLeases);
        Assert.Equal(0, cache.PendingRequests);
        cache.Open(1);
        Assert.Equal(40, BatchLoaderTests.ReadIds(loader).Count);
    }

    [Fact]
    public void Break_WhileAThreadFillsRows_WaitsForThatRowAlone()
    {
        using var entered = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var filled = 0;
        var transform = new IdAndTextTransform(context =>
        {
            if (context.SampleId == 4)
            {
                entered.Set();
                gate.Wait();
            }

            Interlocked.Increment(ref filled);
        });
        var cache = new ScriptedShardCache(0, 100);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), transform, new BatchLoaderOptions { Threads = 1 });
        var batches = loader.GetEnumerator();
        batches.MoveNext();
        var held = batches.Current;
        Assert.True(entered.Wait(BatchLoaderTests.Patience));

        // The threads are told to stop before the batch in hand is released.
        var stop = new Thread(batches.Dispose);
        stop.Start();
        Assert.True(SpinWait.SpinUntil(() => held.IsReleased, BatchLoaderTests.Patience));
        gate.Set();
        stop.Join();

        Assert.Equal(5, filled);
        Assert.Equal(0, cache.OpenLeases);
    }

    [Fact]
    public void GetEnumerator_WhileAnEpochRuns_EndsIt()
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8);
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 2 });
        using var first = loader.GetEnumerator();
        first.MoveNext();
        var batch = first.Current;

        using var second = loader.GetEnumerator();

        Assert.True(batch.IsReleased);
        Assert.Throws<InvalidOperationException>(() => first.MoveNext());
        Assert.True(second.MoveNext());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ReadEpoch_Cancelled_ThrowsWithTheCallersToken(int threads)
    {
        var cache = new ScriptedShardCache(0, 4, 4);
        cache.Close(1);
        using var cancellation = new CancellationTokenSource();
        using var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { Threads = threads });

        var exception = Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in loader.ReadEpoch(cancellation.Token))
            {
                new Thread(cancellation.Cancel).Start();
            }
        });

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.Equal(0, cache.OpenLeases);
        Assert.Equal(0, cache.PendingRequests);
    }

    [Fact]
    public void Dispose_FromAnotherThreadWhileTheLoopWaits_EndsTheWait()
    {
        var cache = new ScriptedShardCache(0, 4);
        cache.Close(0);
        var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(cache, batchSize: 4), new IdAndTextTransform(), new BatchLoaderOptions { NumWorkers = 1 });
        using var batches = loader.GetEnumerator();
        var loop = Thread.CurrentThread;
        var stop = new Thread(() =>
        {
            SpinWait.SpinUntil(() => loop.ThreadState.HasFlag(ThreadState.WaitSleepJoin), BatchLoaderTests.Patience);
            loader.Dispose();
        });
        stop.Start();

        Assert.Throws<InvalidOperationException>(() => batches.MoveNext());
        stop.Join();
    }

    [Fact]
    public void Loader_DroppedWithoutDispose_GivesThreadsAndLeasesBack()
    {
        var cache = new ScriptedShardCache(0, 8, 8, 8, 8, 8);
        cache.Close(2);
        var transform = new IdAndTextTransform();
        Abandon(cache, transform);

        var ended = SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return transform.OpenWorkers == 0 && cache.OpenLeases == 0 && cache.PendingRequests == 0;
            },
            BatchLoaderTests.Patience);

        Assert.True(ended);
    }

    [Fact]
    public void Batch_AfterTheNextMoveNext_Throws()
    {
        var source = ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 8), batchSize: 4);
        using var loader = new BatchLoader(source, new IdAndTextTransform());
        using var batches = loader.GetEnumerator();
        batches.MoveNext();
        var batch = batches.Current;
        batches.MoveNext();

        Assert.True(batch.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => batch.GetBytes("id").Length);
        Assert.Throws<ObjectDisposedException>(() => batch.Detach());
    }

    [Fact]
    public void Detach_Batch_OutlivesTheLoader()
    {
        var allocator = new TrackingBatchAllocator();
        var kept = new List<Batch>();
        using (var loader = new BatchLoader(
            ScriptedLoaderSource.InOrder(new ScriptedShardCache(0, 40), batchSize: 4),
            new IdAndTextTransform(),
            new BatchLoaderOptions { NumWorkers = 2, Allocator = allocator }))
        {
            foreach (var batch in loader)
            {
                kept.Add(batch.Detach());
            }
        }

        var ids = kept.SelectMany(static batch => batch.GetValues<long>("id").ToArray());
        Assert.Equal(Enumerable.Range(0, 40).Select(static id => (long)id), ids);
        Assert.NotEqual(0, allocator.OpenBlocks);
        kept.ForEach(static batch => batch.Dispose());
        Assert.Equal(0, allocator.OpenBlocks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(ScriptedShardCache cache, IdAndTextTransform transform)
    {
        var source = ScriptedLoaderSource.InOrder(cache, batchSize: 4);
        var loader = new BatchLoader(source, transform, new BatchLoaderOptions { NumWorkers = 2 });
        var batches = loader.GetEnumerator();
        batches.MoveNext();
    }
}
