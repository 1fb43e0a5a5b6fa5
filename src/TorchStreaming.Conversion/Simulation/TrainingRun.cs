// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Ordering;

namespace TorchStreaming.Conversion;

/// <summary>A training run to be simulated: the data, the machines and their links.</summary>
/// <remarks>Mirrors the inputs of upstream's simulator.</remarks>
public sealed record TrainingRun
{
    /// <summary>Gets the order's options: shards' sizes in samples, samples per batch and rank, shuffling.</summary>
    public required OrderOptions Order { get; init; }

    /// <summary>Gets the bytes of each shard in a cache, in the order of the streams' shards.</summary>
    public required ImmutableArray<long> ShardBytes { get; init; }

    /// <summary>Gets the bytes of each shard that are downloaded, which compression makes fewer.</summary>
    /// <value>The default is <see cref="ShardBytes"/>.</value>
    public ImmutableArray<long> DownloadBytes { get; init; }

    /// <summary>Gets the number of nodes.</summary>
    /// <value>The default is 1.</value>
    public int Nodes { get; init; } = 1;

    /// <summary>Gets the ranks, that is, devices, on each node.</summary>
    /// <value>The default is 1.</value>
    public int RanksPerNode { get; init; } = 1;

    /// <summary>Gets how long the devices compute for one batch.</summary>
    public required TimeSpan StepTime { get; init; }

    /// <summary>Gets the bytes per second that each node downloads.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Gets how long each request goes without its first byte.</summary>
    /// <value>The default is none.</value>
    public TimeSpan Latency { get; init; }

    /// <summary>Gets for each shard whether its single samples can be read by ranges, as those of uncompressed MDS shards without a hash to
    /// validate can.</summary>
    /// <value>The default is every shard that is downloaded as it is in a cache: <see cref="DownloadBytes"/> has its
    /// <see cref="ShardBytes"/>.</value>
    public ImmutableArray<bool> FindableSamples { get; init; }

    /// <summary>Gets how many batches of each rank get their samples ahead of their shards.</summary>
    /// <value>The default is 2, as the loader's.</value>
    public int SampleFirstBatches { get; init; } = 2;

    /// <summary>Gets how many shards each rank asks for at a time.</summary>
    /// <value>The default is 16, as the loader's.</value>
    public int ConcurrentShards { get; init; } = 16;

    /// <summary>Gets the bytes that each node's cache may hold, or <see langword="null"/> for no limit.</summary>
    public long? CacheLimit { get; init; }

    /// <summary>Gets how many samples each rank fetches ahead.</summary>
    /// <value>The default is <see langword="null"/>: eight batches.</value>
    public int? Predownload { get; init; }

    /// <summary>Gets the epoch, from 0.</summary>
    public long Epoch { get; init; }

    /// <summary>Gets how many of the nodes are simulated at most; the others are taken to be like them.</summary>
    /// <value>The default is 2: nodes have different parts of one order, and planning each costs a pass over what comes before its
    /// part.</value>
    public int MostNodes { get; init; } = 2;

    /// <summary>Gets how many samples of the epoch, over the simulated nodes, are simulated at most; the rest is taken to continue as their
    /// second half.</summary>
    /// <value>The default is 20 million, which takes a few seconds.</value>
    public long MostSamples { get; init; } = 20_000_000;

    /// <summary>Gets the samples that all ranks use in one step.</summary>
    public long GlobalBatchSize => (long)Order.BatchSize * RanksPerNode * Nodes;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Order}; {Counted.Of(Nodes, "node")} with {Counted.Of(RanksPerNode, "rank")} each, a step of {StepTime:c}, {new ByteSize((long)BytesPerSecond)}/s";

    /// <summary>Checks that the numbers make sense together.</summary>
    /// <exception cref="ArgumentException">They do not; the message says which.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RanksPerNode, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StepTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Latency, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(SampleFirstBatches);
        ArgumentOutOfRangeException.ThrowIfLessThan(ConcurrentShards, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostSamples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostNodes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Epoch);
        if (BytesPerSecond is not > 0)
        {
            throw new ArgumentException($"A node must download more than 0 bytes per second; {BytesPerSecond} were given.");
        }

        var shards = Order.Streams.Sum(static stream => stream.ShardSizes.Length);
        if (ShardBytes.Length != shards
            || (!DownloadBytes.IsDefault && DownloadBytes.Length != shards)
            || (!FindableSamples.IsDefault && FindableSamples.Length != shards))
        {
            throw new ArgumentException($"The streams have {shards} shards; sizes of {ShardBytes.Length} were given.");
        }

        if (ShardBytes.Any(static bytes => bytes < 0) || (!DownloadBytes.IsDefault && DownloadBytes.Any(static bytes => bytes < 0)))
        {
            throw new ArgumentException("A shard cannot have fewer than 0 bytes.");
        }

        if (CacheLimit is < 1 || Predownload is < 1)
        {
            throw new ArgumentException("A cache limit and a predownload are above 0 where they are given.");
        }
    }

    internal long GetDownloadBytes(int shard) => DownloadBytes.IsDefault ? ShardBytes[shard] : DownloadBytes[shard];

    internal bool HasFindableSamples(int shard) =>
        FindableSamples.IsDefault ? GetDownloadBytes(shard) == ShardBytes[shard] : FindableSamples[shard];
}
