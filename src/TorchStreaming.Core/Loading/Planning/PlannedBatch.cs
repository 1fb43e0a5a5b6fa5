// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>One batch on its way from the plan to the consumer. Objects are used again for later batches.</summary>
internal sealed class PlannedBatch
{
    private readonly Lock _faultLock = new();
    private readonly bool[] _skipped;

    public PlannedBatch(int rows, int chunkRows)
    {
        SampleIds = new long[rows];
        ShardNumbers = new int[rows];
        Shards = new WindowShard[rows];
        Indexes = new int[rows];
        _skipped = new bool[rows];
        Chunks = new FillChunk[(rows + chunkRows - 1) / chunkRows];
        for (var i = 0; i < Chunks.Length; i++)
        {
            Chunks[i] = new FillChunk(this, i * chunkRows);
        }

        ChunkRows = chunkRows;
    }

    public int ChunkRows { get; }

    /// <summary>Gets the place in the epoch's plan, from 0.</summary>
    public long Sequence { get; private set; }

    /// <summary>Gets the number of samples planned.</summary>
    public int Count { get; private set; }

    public long[] SampleIds { get; }

    /// <summary>Gets the number of each row's shard in the whole dataset.</summary>
    public int[] ShardNumbers { get; }

    /// <summary>Gets the shard of each row.</summary>
    public WindowShard[] Shards { get; }

    /// <summary>Gets the sample's number within the shard for each row.</summary>
    public int[] Indexes { get; }

    public FillChunk[] Chunks { get; }

    /// <summary>Gets how many of <see cref="Chunks"/> have rows.</summary>
    public int ChunkCount => (Count + ChunkRows - 1) / ChunkRows;

    /// <summary>Gets or sets the memory; the schedule's lock guards it.</summary>
    public BatchSlot? Slot { get; set; }

    /// <summary>Gets or sets how many chunks are not filled; the schedule's lock guards it.</summary>
    public int UnfilledChunks { get; set; }

    /// <summary>Gets or sets whether the batch can be handed out; the schedule's lock guards it.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Gets or sets how many samples the finished batch holds.</summary>
    public int DeliveredCount { get; set; }

    /// <summary>Gets the lowest row that failed for good, or -1.</summary>
    public int FailedRow { get; private set; }

    /// <summary>Gets why <see cref="FailedRow"/> failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets the number of rows that failed and are left out.</summary>
    public int SkippedCount { get; private set; }

    /// <summary>Gets why the lowest of the rows that are left out failed.</summary>
    public Exception? FirstSkipped { get; private set; }

    private int FirstSkippedRow { get; set; }

    /// <summary>Starts the object's next life: reads the next batch of the order and finds where its samples are.</summary>
    /// <param name="cursor">The order.</param>
    /// <param name="spanner">Finds shards.</param>
    /// <param name="sequence">The batch's place in the plan, from 0.</param>
    /// <returns>Whether there was a batch.</returns>
    public bool TryRead(BatchCursor cursor, Spanner spanner, long sequence)
    {
        var count = cursor.ReadBatch(SampleIds);
        if (count == 0)
        {
            return false;
        }

        for (var row = 0; row < count; row++)
        {
            (ShardNumbers[row], Indexes[row]) = spanner.Find(SampleIds[row]);
        }

        Sequence = sequence;
        Count = count;
        DeliveredCount = count;
        UnfilledChunks = ChunkCount;
        IsComplete = false;
        FailedRow = -1;
        Failure = null;
        SkippedCount = 0;
        FirstSkipped = null;
        FirstSkippedRow = -1;
        Array.Clear(_skipped);
        for (var i = 0; i < ChunkCount; i++)
        {
            Chunks[i].EndRow = Math.Min(Chunks[i].FirstRow + ChunkRows, count);
            Chunks[i].MissingShards = 0;
        }

        return true;
    }

    /// <summary>Lets go of everything, so that an idle object keeps nothing alive.</summary>
    public void End()
    {
        Array.Clear(Shards);
        Slot = null;
        Failure = null;
        FirstSkipped = null;
    }

    /// <summary>Records that a row failed for good; of several the lowest row counts, whichever thread was first.</summary>
    public void Fail(int row, Exception exception)
    {
        lock (_faultLock)
        {
            if (FailedRow < 0 || row < FailedRow)
            {
                FailedRow = row;
                Failure = exception;
            }
        }
    }

    /// <summary>Records that a row failed and is left out.</summary>
    public void Skip(int row, Exception exception)
    {
        lock (_faultLock)
        {
            _skipped[row] = true;
            SkippedCount++;
            if (FirstSkippedRow < 0 || row < FirstSkippedRow)
            {
                FirstSkippedRow = row;
                FirstSkipped = exception;
            }
        }
    }

    /// <summary>Finishes the memory when all rows are filled: closes the gaps of skipped rows and lets columns put their rows
    /// together.</summary>
    public void Complete()
    {
        var slot = Slot!;
        SampleIds.AsSpan(0, Count).CopyTo(slot.SampleIds);
        if (SkippedCount > 0)
        {
            var to = 0;
            for (var from = 0; from < Count; from++)
            {
                if (!_skipped[from])
                {
                    if (from != to)
                    {
                        slot.MoveRow(from, to);
                    }

                    to++;
                }
            }
        }

        DeliveredCount = Count - SkippedCount;
        slot.Complete(DeliveredCount);
    }
}
