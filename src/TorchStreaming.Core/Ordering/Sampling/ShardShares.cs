// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The samples of an epoch before they are shuffled, computed shard by shard instead of drawn: <see cref="SampleUnits"/> for the
/// indexed order.</summary>
/// <remarks>Each shard gives its proportional share: the shares' borders are rounded down after a random offset, so they add up and no
/// shard is favored. Immutable and thread-safe.</remarks>
internal sealed class ShardShares
{
    private readonly Spanner _spanner;
    private readonly StreamShare[] _streams;
    private readonly int _firstShard;
    private readonly ulong _samplesKey;

    public ShardShares(OrderRequest request, int? stream, ulong samplesKey)
    {
        _spanner = request.Spanner;
        _samplesKey = samplesKey;
        var first = stream ?? 0;
        _streams = new StreamShare[stream is null ? _spanner.StreamCount : 1];
        var start = 0L;
        for (var i = 0; i < _streams.Length; i++)
        {
            var (firstShard, shards) = _spanner.GetShards(first + i);
            var size = _spanner.GetSampleCount(first + i);
            var choose = request.Weights.Choose[first + i];
            var offset = size == 0 ? 0 : (long)(KeyedPermutation.DeriveKey(samplesKey, (ulong)(first + i)) % (ulong)size);
            var firstSample = size == 0 ? 0 : _spanner.GetFirstSample(firstShard);
            _streams[i] = new StreamShare(firstShard, firstShard + shards, firstSample, size, choose, offset, start);
            start += choose;
        }

        _firstShard = _streams[0].FirstShard;
        Count = _streams[^1].LastShard - _firstShard;
    }

    /// <summary>Gets the number of shards.</summary>
    public int Count { get; }

    /// <summary>Gets the first position of a shard; that of the shard after the last is the number of positions.</summary>
    public long GetStart(int shard)
    {
        shard += _firstShard;
        foreach (ref readonly var stream in _streams.AsSpan())
        {
            if (shard < stream.LastShard)
            {
                return stream.GetStart(_spanner.Offsets[shard]);
            }
        }

        return _streams[^1].Start + _streams[^1].Choose;
    }

    /// <summary>Reads the sample id at a position that is in a run of shards.</summary>
    public long Read(long position, int firstShard, int lastShard)
    {
        while (lastShard - firstShard > 1)
        {
            var middle = firstShard + ((lastShard - firstShard) / 2);
            (firstShard, lastShard) = GetStart(middle) <= position ? (middle, lastShard) : (firstShard, middle);
        }

        var start = GetStart(firstShard);
        var shard = _firstShard + firstShard;
        var first = _spanner.Offsets[shard];
        var size = _spanner.Offsets[shard + 1] - first;
        var index = position - start;
        if (index < size && GetStart(firstShard + 1) - start == size)
        {
            return first + index;
        }

        var (round, place) = Math.DivRem(index, size);
        var isWholeRound = (round + 1) * size <= GetStart(firstShard + 1) - start;
        var permutation = new KeyedPermutation(KeyedPermutation.DeriveKey(_samplesKey, ~(ulong)shard), size);
        return first + (isWholeRound ? place : permutation[place]);
    }

    /// <summary>What a stream gives to the epoch.</summary>
    private readonly record struct StreamShare(
        int FirstShard, int LastShard, long FirstSample, long Size, long Choose, long Offset, long Start)
    {
        public long GetStart(long sample) => Start + (Choose == Size
            ? sample - FirstSample
            : (long)((((UInt128)(ulong)Choose * (ulong)(sample - FirstSample)) + (ulong)Offset) / (ulong)Size));
    }
}
