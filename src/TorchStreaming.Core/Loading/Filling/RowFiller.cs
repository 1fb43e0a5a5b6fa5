// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Fills chunks of rows: reads each sample where it is in its shard and lets the transform write it to its place in the batch.
/// One thread at a time.</summary>
internal sealed class RowFiller(SampleTransformWorker worker, DatasetShards shards, StatisticsCollector statistics) : IDisposable
{
    private readonly List<WindowShard> _lastUses = [];
    private FieldRange[] _ranges = new FieldRange[16];

    /// <summary>Fills a chunk that was taken from the schedule and gives it back.</summary>
    public void Process(FillChunk chunk, FillSchedule schedule)
    {
        var started = statistics.Now();
        var bytes = FillRows(chunk, schedule);
        statistics.AddFill(bytes, statistics.Now() - started);
        var completes = schedule.LeaveChunk(chunk, _lastUses);
        EndLeases(chunk);
        if (completes)
        {
            CompleteBatch(chunk.Batch);
        }

        schedule.EndChunk(chunk, completes);
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

    private long FillRows(FillChunk chunk, FillSchedule schedule)
    {
        Prefetch(chunk);
        var bytes = 0L;
        var batch = chunk.Batch;
        var shard = default(WindowShard);
        var reader = default(ShardReader);
        for (var row = chunk.FirstRow; row < chunk.EndRow && !schedule.IsStopping; row++)
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
                bytes += FillRow(reader, batch, row, schedule);
            }
            catch (OperationCanceledException) when (schedule.IsStopping)
            {
                break;
            }
            catch (Exception exception)
            {
                Report(batch, row, schedule, exception);
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

    private int FillRow(ShardReader reader, PlannedBatch batch, int row, FillSchedule schedule)
    {
        var columns = reader.Schema.Columns.Length;
        if (_ranges.Length < columns)
        {
            _ranges = new FieldRange[columns];
        }

        var slot = batch.Slot!;
        slot.ClearRow(row);
        var sample = reader.GetSample(batch.Indexes[row], _ranges.AsSpan(0, columns));
        var context = new TransformContext(schedule.Seed, schedule.Epoch, batch.SampleIds[row]) { Stopping = schedule.Stopping };
        worker.Transform(sample, context, slot, row);
        if (slot.FindMissing(row) is { } column)
        {
            throw new InvalidOperationException($"The transform left column '{column.Name}' empty.");
        }

        return sample.Bytes.Length;
    }

    private void Report(PlannedBatch batch, int row, FillSchedule schedule, Exception exception)
    {
        // A lack of memory is not the sample's fault and is never skipped.
        if (exception is OutOfMemoryException)
        {
            batch.Fail(row, exception);
            return;
        }

        var shard = shards.Describe(batch.Shards[row].Number);
        var placed = SampleErrors.AddPlace(exception, shard, batch.Indexes[row], batch.SampleIds[row]);
        if (schedule.ErrorPolicy == SampleErrorPolicy.Skip)
        {
            batch.Skip(row, placed);
        }
        else
        {
            batch.Fail(row, placed);
        }
    }
}
