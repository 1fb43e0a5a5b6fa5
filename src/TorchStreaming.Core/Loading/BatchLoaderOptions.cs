// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>How a <see cref="BatchLoader"/> works.</summary>
public sealed record BatchLoaderOptions
{
    // Every one of them is a whole batch of memory: more than this is a mistake.
    private const int MaxPrefetchFactor = 1 << 16;

    /// <summary>Gets the number of samples in a batch.</summary>
    /// <value>The default is <see langword="null"/>: the dataset's <see cref="StreamingDatasetOptions.BatchSize"/>. If both are given they
    /// must be equal.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataLoader(batch_size=…)</c>.</remarks>
    public int? BatchSize { get; init; }

    /// <summary>Gets the number of logical workers. It decides the order of samples exactly as upstream's worker processes do; 0 counts as
    /// 1.</summary>
    /// <value>The default is 0.</value>
    /// <remarks>It is also the number of threads unless <see cref="Threads"/> says otherwise. Mirrors
    /// <c>streaming.StreamingDataLoader(num_workers=…)</c>.</remarks>
    public int NumWorkers { get; init; }

    /// <summary>Gets the number of threads that read, decode and transform. It never changes what is delivered.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="NumWorkers"/>. With 0 the loop's own thread does the work when it asks for
    /// a batch; shards are still fetched in the background.</value>
    public int? Threads { get; init; }

    /// <summary>Gets how many batches are prepared ahead of the one that the loop holds, from 1 to 65,536. Each costs the memory of
    /// a batch.</summary>
    /// <value>The default is 2.</value>
    /// <remarks>Upstream counts batches per worker; here they are counted for the loader. Mirrors
    /// <c>streaming.StreamingDataLoader(prefetch_factor=…)</c>.</remarks>
    public int PrefetchFactor { get; init; } = 2;

    /// <summary>Gets whether batches with fewer samples than the batch size are left out.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>As upstream, each logical worker drops its own last batch if it is short. Mirrors
    /// <c>streaming.StreamingDataLoader(drop_last=…)</c>.</remarks>
    public bool DropLast { get; init; }

    /// <summary>Gets how many shards are asked for at a time.</summary>
    /// <value>The default is 16.</value>
    /// <remarks>How many requests that makes is measured, and shards that are needed sooner come first. More helps where many small shards
    /// are after a long link.</remarks>
    public int ConcurrentShards { get; init; } = 16;

    /// <summary>Gets how many batches of an epoch get their samples ahead of their shards, where these are not there yet: a cold start waits for
    /// the bytes of the first batches and not for whole shards, which follow.</summary>
    /// <value>The default is 2. With 0 every batch waits for whole shards.</value>
    /// <remarks>Holds for uncompressed MDS shards without a hash to validate, in stores that serve ranges. Sizes and offsets are checked,
    /// the rest of the shard is not known yet. The samples are downloaded a second time with their shards.</remarks>
    public int SampleFirstBatches { get; init; } = 2;

    /// <summary>Gets what happens with samples that cannot be read, decoded or transformed. A shard that cannot be fetched always ends the
    /// epoch.</summary>
    /// <value>The default is <see cref="SampleErrorPolicy.Throw"/>.</value>
    public SampleErrorPolicy ErrorPolicy { get; init; } = SampleErrorPolicy.Throw;

    /// <summary>Gets the part of the rank's samples of an epoch that may be left out under <see cref="SampleErrorPolicy.Skip"/>, from 0 to
    /// 1.</summary>
    /// <value>The default is 0.01. One sample may always be left out.</value>
    public double MaxSkippedFraction { get; init; } = 0.01;

    /// <summary>Gets where the memory of batches comes from.</summary>
    /// <value>The default is <see cref="NativeBatchAllocator"/>.</value>
    internal IBatchAllocator Allocator { get; init; } = NativeBatchAllocator.Instance;

    /// <summary>Gets the clock of the statistics.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal int FillThreads => Threads ?? NumWorkers;

    internal int OrderWorkers => Math.Max(1, NumWorkers);

    /// <inheritdoc/>
    public override string ToString() =>
        $"BatchLoaderOptions: {(BatchSize is { } size ? $"batches of {size}, " : "")}{Counted.Of(NumWorkers, "worker")}, {Counted.Of(FillThreads, "thread")}, "
        + $"{Counted.Of(PrefetchFactor, "batch", "batches")} ahead";

    internal void Validate()
    {
        if (BatchSize is { } batchSize)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize, nameof(BatchSize));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(NumWorkers);
        ArgumentOutOfRangeException.ThrowIfNegative(FillThreads, nameof(Threads));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PrefetchFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PrefetchFactor, MaxPrefetchFactor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConcurrentShards);
        ArgumentOutOfRangeException.ThrowIfNegative(SampleFirstBatches);
        ArgumentNullException.ThrowIfNull(Allocator);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (!Enum.IsDefined(ErrorPolicy))
        {
            throw new ArgumentOutOfRangeException(nameof(ErrorPolicy), ErrorPolicy, "Unknown policy: use Throw or Skip.");
        }

        if (!(MaxSkippedFraction >= 0 && MaxSkippedFraction <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(MaxSkippedFraction), MaxSkippedFraction, "A fraction is between 0 and 1.");
        }
    }
}
