// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Caching;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Shards;

namespace TorchStreaming.Datasets;

/// <summary>Reads an epoch's order ahead of the loop and downloads the videos that its samples name, a bounded number of samples
/// ahead.</summary>
/// <remarks>Failures are left to whoever needs the video: it asks again and reports. One epoch at a time.</remarks>
internal sealed class VideoPrefetcher(ExtraFileCache files, int ahead, int concurrency) : IDisposable
{
    private readonly Lock _gate = new();
    private SemaphoreSlim _room = new(ahead);
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    /// <summary>Follows an epoch from now on.</summary>
    public void Begin(BatchCursor cursor, DatasetShards shards, int batchSize)
    {
        lock (_gate)
        {
            End();
            _room = new SemaphoreSlim(ahead);
            _stop = new CancellationTokenSource();
            var (room, token) = (_room, _stop.Token);
            _running = Task.Run(() => RunAsync(cursor, shards, batchSize, room, token), CancellationToken.None);
        }
    }

    /// <summary>Hears that a sample is worked on, so that another may be fetched.</summary>
    public void MoveOn()
    {
        lock (_gate)
        {
            if (_room.CurrentCount < ahead)
            {
                _room.Release();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            End();
            _room.Dispose();
        }
    }

    private void End()
    {
        if (_stop is not null)
        {
            _stop.Cancel();
            _running.GetAwaiter().GetResult();
            _stop.Dispose();
            _stop = null;
            _room.Dispose();
        }
    }

    private async Task RunAsync(
        BatchCursor cursor, DatasetShards shards, int batchSize, SemaphoreSlim room, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(concurrency);
        try
        {
            var ids = new long[batchSize];
            while (cursor.ReadBatch(ids) is var count and > 0)
            {
                for (var i = 0; i < count; i++)
                {
                    await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                    await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
                    _ = FetchAsync(ids[i], shards, slots, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The epoch is over.
        }
        finally
        {
            for (var i = 0; i < concurrency; i++)
            {
                await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task FetchAsync(long sampleId, DatasetShards shards, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            var path = await ReadPathAsync(sampleId, shards, cancellationToken).ConfigureAwait(false);
            using var file = await files.GetAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TorchStreamingException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever needs the video asks for it again and reports what is wrong.
        }
        finally
        {
            slots.Release();
        }
    }

    private static async ValueTask<string> ReadPathAsync(long sampleId, DatasetShards shards, CancellationToken cancellationToken)
    {
        var (shard, index) = shards.Spanner.Find(sampleId);
        var (cache, number) = shards.Resolve(shard);
        using var lease = await cache.LeaseAsync(number, cancellationToken).ConfigureAwait(false);
        var schema = lease.Reader.Schema;
        var sample = lease.Reader.GetSample(index, new FieldRange[schema.Columns.Length]);
        return Encoding.UTF8.GetString(sample[schema.IndexOf(VideoSampleTransform.PathColumn)]);
    }
}
