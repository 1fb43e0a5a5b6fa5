// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>A run of rows of one batch: the unit that a worker fills at a time.</summary>
internal sealed class FillChunk(PlannedBatch batch, int firstRow)
{
    public PlannedBatch Batch => batch;

    public int FirstRow => firstRow;

    /// <summary>Gets or sets the row after the last.</summary>
    public int EndRow { get; set; }

    /// <summary>Gets or sets how many shards the rows still wait for; guarded by the schedule's lock.</summary>
    public int MissingShards { get; set; }
}
