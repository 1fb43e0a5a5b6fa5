// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The part of a dataset in Composer's legacy format that one worker of one device goes through: a run of sample ids, the same
/// in every epoch.</summary>
/// <remarks>Every device has equally many samples; where they do not divide, some devices begin with the last sample of the device
/// before. Mirrors <c>StreamingDatasetIndex.get_partition</c> of Composer 0.8, except that a part after the end of the dataset is empty
/// instead of an error.</remarks>
internal sealed record LegacyPartition
{
    /// <summary>Gets the first sample.</summary>
    public required long FirstSample { get; init; }

    /// <summary>Gets the number of samples; 0 where there are fewer samples, or batches, than workers.</summary>
    public required long SampleCount { get; init; }

    /// <summary>Gets the first shard.</summary>
    public required int FirstShard { get; init; }

    /// <summary>Gets the number of shards that the samples are in.</summary>
    public required int ShardCount { get; init; }

    /// <summary>Gets how many of the shards, from the first on, Composer has this worker download; it leaves the last one to the next
    /// worker of the node where that one begins within it.</summary>
    /// <remarks>For planning. The cache here needs no such agreement: whoever comes first downloads.</remarks>
    public required int DownloadedShardCount { get; init; }

    /// <summary>Computes a part.</summary>
    /// <param name="spanner">The shards' sizes.</param>
    /// <param name="world">The device.</param>
    /// <param name="worker">The worker of the device, from 0.</param>
    /// <param name="workers">The number of workers of each device; 0 counts as 1.</param>
    /// <param name="batchSize">The batch size, if parts are to consist of whole batches but for the device's very last one;
    /// <see langword="null"/> or 0 if not.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such worker, or the batch size is negative.</exception>
    public static LegacyPartition Create(Spanner spanner, World world, int worker = 0, int workers = 1, int? batchSize = null)
    {
        ArgumentNullException.ThrowIfNull(spanner);
        ArgumentNullException.ThrowIfNull(world);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        workers = Math.Max(workers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, workers);
        ArgumentOutOfRangeException.ThrowIfNegative(batchSize ?? 0, nameof(batchSize));
        var total = spanner.SampleCount;
        if (total == 0)
        {
            return new LegacyPartition { FirstSample = 0, SampleCount = 0, FirstShard = 0, ShardCount = 0, DownloadedShardCount = 0 };
        }

        var perDevice = CountPerDevice(total, world);
        var (start, size) = Split(total, world.RankCount, world.Rank);
        start -= perDevice - size;
        var (first, count) = batchSize is > 0
            ? SplitBatches(perDevice, workers, worker, batchSize.Value)
            : Split(perDevice, workers, worker);
        var isLastOfNode = world.RankOfNode == world.RanksPerNode - 1 && worker == workers - 1;
        return Locate(spanner, start + first, count, isLastOfNode);
    }

    /// <summary>Computes how many samples every device has: the samples divided by the devices, rounded up.</summary>
    internal static long CountPerDevice(long samples, World world) => (samples / world.RankCount) + (samples % world.RankCount == 0 ? 0 : 1);

    private static LegacyPartition Locate(Spanner spanner, long first, long count, bool isLastOfNode)
    {
        var (firstShard, shards, downloaded) = (0, 0, 0);
        if (first < spanner.SampleCount)
        {
            firstShard = spanner.Find(first).Shard;
            var next = first + count;
            var lastShard = spanner.Find(Math.Max(next - 1, 0)).Shard;
            shards = Math.Max(lastShard + 1 - firstShard, 0);
            var endsShard = next < spanner.SampleCount && spanner.Find(next).Shard != lastShard;
            downloaded = isLastOfNode || endsShard ? shards : Math.Max(shards - 1, 0);
        }

        return new LegacyPartition
        {
            FirstSample = first,
            SampleCount = count,
            FirstShard = firstShard,
            ShardCount = shards,
            DownloadedShardCount = downloaded,
        };
    }

    /// <summary>Splits evenly; the first parts get one more where it does not divide.</summary>
    private static (long Start, long Size) Split(long total, int parts, int part)
    {
        var (each, more) = Math.DivRem(total, parts);
        return ((part * each) + Math.Min(part, more), each + (part < more ? 1 : 0));
    }

    /// <summary>Splits by whole batches. The short batch goes to the worker whose turn it is at the end, so that it comes last.</summary>
    private static (long Start, long Size) SplitBatches(long samples, int workers, int worker, int batchSize)
    {
        var batches = (samples / batchSize) + (samples % batchSize == 0 ? 0 : 1);
        var missing = (batches * batchSize) - samples;
        var last = (batches + workers - 1) % workers;
        var (first, count) = Split(batches, workers, worker);
        var start = (first * batchSize) - (worker > last ? missing : 0);
        var end = ((first + count) * batchSize) - (worker >= last ? missing : 0);
        return (start, end - start);
    }
}
