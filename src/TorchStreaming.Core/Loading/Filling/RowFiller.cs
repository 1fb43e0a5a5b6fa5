// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Fills chunks of rows: reads each sample where it is in its shard and lets the transform write it to its place in the batch.
/// One thread at a time.</summary>
internal sealed class RowFiller(SampleTransformWorker worker, StatisticsCollector statistics) : IDisposable
{
    private readonly List<WindowShard> _lastUses = [];
    private FieldRange[] _ranges = new FieldRange[16];

    /// <summary>Fills a chunk that was taken from the schedule and gives it back.</summary>
    public void Process(FillChunk chunk, EpochWork work)
    {
        var started = statistics.Now();
        var bytes = FillRows(chunk, work);
        statistics.AddFill(bytes, statistics.Now() - started);
        var completes = work.Schedule.LeaveChunk(chunk, _lastUses);
        EndLeases(chunk);
        if (completes)
        {
            CompleteBatch(chunk.Batch);
        }

        work.Schedule.EndChunk(chunk, completes);
    }

    public void Dispose() => worker.Dispose();

    // Nothing may escape here: it would end the process, or leave the consumer waiting indefinitely.
    private static void CompleteBatch(PlannedBatch batch)
    {
        try
        {
            batch.Complete();
        }
        catch (Exception exception)
        {
            batch.Fail(batch.Count, exception);
        }
    }

    private void EndLeases(FillChunk chunk)
    {
        foreach (var shard in _lastUses)
        {
            try
            {
                shard.Lease?.Dispose();
            }
            catch (Exception exception)
            {
                chunk.Batch.Fail(chunk.EndRow, exception);
            }
        }

        _lastUses.Clear();
    }

    private long FillRows(FillChunk chunk, EpochWork work)
    {
        Prefetch(chunk);
        var bytes = 0L;
        var batch = chunk.Batch;
        var shard = default(WindowShard);
        var reader = default(ShardReader);
        for (var row = chunk.FirstRow; row < chunk.EndRow && !work.Schedule.IsStopping; row++)
        {
            if (batch.Shards[row] != shard)
            {
                shard = batch.Shards[row];
                reader = shard.Reader;
            }

            if (reader is null)
            {
                batch.Fail(row, shard!.Failure!);
                continue;
            }

            try
            {
                bytes += FillRow(reader, batch, row, work);
            }
            catch (OperationCanceledException) when (work.Schedule.IsStopping)
            {
                break;
            }
            catch (Exception exception)
            {
                Report(batch, row, work, exception);
            }
        }

        return bytes;
    }

    // Shuffled rows are far from each other: asked for together, the processor waits for memory once a chunk rather than twice a row.
    private static void Prefetch(FillChunk chunk)
    {
        var batch = chunk.Batch;
        for (var row = chunk.FirstRow; row < chunk.EndRow; row++)
        {
            batch.Shards[row].Reader?.PrefetchPlace(batch.Indexes[row]);
        }

        for (var row = chunk.FirstRow; row < chunk.EndRow; row++)
        {
            batch.Shards[row].Reader?.PrefetchSample(batch.Indexes[row]);
        }
    }

    private int FillRow(ShardReader reader, PlannedBatch batch, int row, EpochWork work)
    {
        var columns = reader.Schema.Columns.Length;
        if (_ranges.Length < columns)
        {
            _ranges = new FieldRange[columns];
        }

        var slot = batch.Slot!;
        slot.ClearRow(row);
        var sample = reader.GetSample(batch.Indexes[row], _ranges.AsSpan(0, columns));
        var context = new TransformContext(work.Seed, work.Epoch, batch.SampleIds[row]) { Stopping = work.Schedule.Stopping };
        worker.Transform(sample, context, slot, row);
        if (slot.FindMissing(row) is { } column)
        {
            throw new InvalidOperationException($"The transform left column '{column.Name}' empty.");
        }

        return sample.Bytes.Length;
    }

    private static void Report(PlannedBatch batch, int row, EpochWork work, Exception exception)
    {
        // A lack of memory is not the sample's fault and is never skipped.
        if (exception is OutOfMemoryException)
        {
            batch.Fail(row, exception);
            return;
        }

        var shard = work.Shards.Describe(batch.Shards[row].Number);
        var placed = SampleErrors.AddPlace(exception, shard, batch.Indexes[row], batch.SampleIds[row]);
        if (work.ErrorPolicy == SampleErrorPolicy.Skip)
        {
            batch.Skip(row, placed);
        }
        else
        {
            batch.Fail(row, placed);
        }
    }
}
