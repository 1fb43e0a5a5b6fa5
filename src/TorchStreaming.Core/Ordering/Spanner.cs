// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Ordering;

/// <summary>Finds the shard of a sample. Samples and shards are numbered through the whole dataset, stream by stream.</summary>
/// <remarks>Immutable and thread-safe; a look-up is a binary search. Mirrors <c>streaming.base.spanner.Spanner</c>.</remarks>
internal sealed class Spanner
{
    private readonly long[] _offsets;
    private readonly int[] _firstShards;

    /// <summary>Creates the map.</summary>
    /// <param name="streams">The streams' shard sizes.</param>
    /// <exception cref="ArgumentException">A shard has a negative size, or there are more samples or shards than can be
    /// numbered.</exception>
    public Spanner(ImmutableArray<StreamShape> streams)
    {
        var shards = streams.Sum(static stream => (long)stream.ShardSizes.Length);
        if (shards >= Array.MaxLength)
        {
            throw new ArgumentException($"A dataset may have at most {Array.MaxLength - 1} shards, but this one has {shards}.",
                nameof(streams));
        }

        _offsets = new long[shards + 1];
        _firstShards = new int[streams.Length + 1];
        var shard = 0;
        for (var stream = 0; stream < streams.Length; stream++)
        {
            foreach (var size in streams[stream].ShardSizes)
            {
                if (size < 0)
                {
                    throw new ArgumentException($"Shard {shard} has {size} samples; a size cannot be negative.", nameof(streams));
                }

                _offsets[shard + 1] = checked(_offsets[shard] + size);
                shard++;
            }

            _firstShards[stream + 1] = shard;
        }
    }

    /// <summary>Gets the number of samples of the dataset.</summary>
    public long SampleCount => _offsets[^1];

    /// <summary>Gets the number of shards of the dataset.</summary>
    public int ShardCount => _offsets.Length - 1;

    /// <summary>Gets the number of streams of the dataset.</summary>
    public int StreamCount => _firstShards.Length - 1;

    /// <summary>Gets, shard by shard, the number of the first sample, and at the end the number of samples.</summary>
    internal ReadOnlySpan<long> Offsets => _offsets;

    /// <summary>Finds a sample's shard.</summary>
    /// <param name="sampleId">The sample's number in the whole dataset.</param>
    /// <returns>The shard and the place in it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such sample.</exception>
    public ShardPosition Find(long sampleId)
    {
        if (sampleId < 0 || sampleId >= SampleCount)
        {
            throw new ArgumentOutOfRangeException(nameof(sampleId), sampleId, $"The dataset has the samples 0 to {SampleCount - 1}.");
        }

        var shard = LastAtOrBelow(_offsets, sampleId);
        return new ShardPosition(shard, (int)(sampleId - _offsets[shard]));
    }

    /// <summary>Gets the number of a shard's first sample.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <returns>The sample's number in the whole dataset; that of the next sample for an empty shard.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such shard.</exception>
    public long GetFirstSample(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, ShardCount);
        return _offsets[shard];
    }

    /// <summary>Gets the number of samples of a shard.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <returns>The size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such shard.</exception>
    public int GetShardSize(int shard)
    {
        var first = GetFirstSample(shard);
        return (int)(_offsets[shard + 1] - first);
    }

    /// <summary>Gets the shards of a stream.</summary>
    /// <param name="stream">The stream's number.</param>
    /// <returns>The number of its first shard in the whole dataset, and how many it has.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such stream.</exception>
    public (int First, int Count) GetShards(int stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stream, StreamCount);
        return (_firstShards[stream], _firstShards[stream + 1] - _firstShards[stream]);
    }

    /// <summary>Finds the stream of a shard.</summary>
    /// <param name="shard">The shard's number in the whole dataset.</param>
    /// <returns>The stream's number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such shard.</exception>
    public int GetStream(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, ShardCount);
        var low = 0;
        var high = StreamCount - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _firstShards[middle] <= shard ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Counts the samples of a stream.</summary>
    /// <param name="stream">The stream's number.</param>
    /// <returns>The number of its samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The dataset has no such stream.</exception>
    public long GetSampleCount(int stream)
    {
        var (first, count) = GetShards(stream);
        return _offsets[first + count] - _offsets[first];
    }

    /// <summary>Finds the last entry of an ascending list of starts that is at or below a value; empty ranges are passed over.</summary>
    internal static int LastAtOrBelow(ReadOnlySpan<long> starts, long value)
    {
        // Without a branch on what is compared: in random look-ups it would be mispredicted every other time.
        var low = 0;
        for (var length = starts.Length; length > 1;)
        {
            var half = length / 2;
            low += half & -(starts[low + half] <= value ? 1 : 0);
            length -= half;
        }

        return low;
    }
}
