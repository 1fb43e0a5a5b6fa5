// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Judges an order by its beginning. Costs some nanoseconds a sample and memory for each shard, whatever the size of the
/// epoch.</summary>
/// <param name="spanner">Where samples are.</param>
internal sealed class ShuffleEstimator(Spanner spanner)
{
    /// <summary>The most samples that are looked at; four stretches.</summary>
    public const int MostSamples = 4 * OrderQuality.StretchLength;

    private readonly DistanceHistogram _samples = new();
    private readonly DistanceHistogram _shards = new();
    private readonly int[] _lastStretch = new int[spanner.ShardCount];
    private long _count;
    private long _sameShard;
    private long _shardsOfStretches;
    private long _previousSample;
    private int _previousShard;

    /// <summary>Takes notice of the next sample of the order.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="shard">The shard that it is in.</param>
    public void Add(long sample, int shard)
    {
        if (_count == MostSamples)
        {
            return;
        }

        var stretch = (int)(_count / OrderQuality.StretchLength) + 1;
        _shardsOfStretches += _lastStretch[shard] == stretch ? 0 : 1;
        _lastStretch[shard] = stretch;
        if (_count > 0)
        {
            _samples.Add(Math.Abs(sample - _previousSample));
            _shards.Add(Math.Abs(shard - _previousShard));
            _sameShard += shard == _previousShard ? 1 : 0;
        }

        (_previousSample, _previousShard) = (sample, shard);
        _count++;
    }

    /// <summary>Gives the estimate.</summary>
    public ShuffleEstimate Estimate()
    {
        var pairs = Math.Max(_count - 1, 1);
        var stretches = Math.Max((double)_count / OrderQuality.StretchLength, 1);
        var quality = new OrderQuality(
            _samples.GetEntropy(), _shards.GetEntropy(), (double)_sameShard / pairs, _shardsOfStretches / stretches);
        var full = new OrderQuality(GetFullEntropy(spanner.SampleCount), GetFullEntropy(spanner.ShardCount), 0, 0);
        return new ShuffleEstimate(quality, full.Entropy, _count);
    }

    /// <summary>Gets the entropy, in bits, of the distance between two numbers below a limit that are chosen at random.</summary>
    private static double GetFullEntropy(long limit)
    {
        const int Exactly = 4096;
        if (limit > Exactly)
        {
            // The density falls in a straight line from 0 to the limit.
            return Math.Log2(limit) - 1 + (0.5 / Math.Log(2));
        }

        var entropy = limit > 0 ? Math.Log2(limit) / limit : 0;
        for (var distance = 1; distance < limit; distance++)
        {
            var share = 2.0 * (limit - distance) / (limit * (double)limit);
            entropy -= share * Math.Log2(share);
        }

        return entropy;
    }
}
