// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Ordering;

/// <summary>The samples of an epoch before they are shuffled, as a list of units: a shard taken whole, or a part of its samples.</summary>
/// <remarks>Positions number the epoch's samples from 0 ("big ids" upstream); a unit turns them into sample ids. Chosen samples are not
/// stored: the generator's state is, and they are drawn again when they are read. Immutable after creation and thread-safe. Mirrors
/// <c>StreamingDataset.resample_streams</c>.</remarks>
internal sealed class SampleUnits
{
    private const int MostUnits = 1 << 27;
    private readonly long[] _starts;
    private readonly long[] _firstSamples;
    private readonly Dictionary<int, PartialUnit> _partials;

    private SampleUnits(List<long> starts, List<long> firstSamples, Dictionary<int, PartialUnit> partials)
    {
        _starts = [.. starts];
        _firstSamples = [.. firstSamples];
        _partials = partials;
    }

    /// <summary>Gets the number of units.</summary>
    public int Count => _firstSamples.Length;

    /// <summary>Gets the number of positions.</summary>
    public long SampleCount => _starts[^1];

    /// <summary>Draws an epoch's samples.</summary>
    /// <param name="request">The epoch.</param>
    /// <param name="stream">The one stream to draw from, or <see langword="null"/> for all of them.</param>
    public static SampleUnits Draw(OrderRequest request, int? stream)
    {
        var generator = new NumpyGenerator(request.IsBalanced ? request.EpochSeed : request.State.ShuffleSeed);
        var samplingSeed = request.Options.Shuffle && request.IsBalanced ? request.EpochSeed : request.State.ShuffleSeed;
        var starts = new List<long> { 0 };
        var firstSamples = new List<long>();
        var partials = new Dictionary<int, PartialUnit>();
        var streams = request.Options.Streams;
        for (var s = stream ?? 0; s < (stream + 1 ?? streams.Length); s++)
        {
            var sizes = streams[s].ShardSizes.AsSpan();
            var choose = ShardSampling.Choose(sizes, request.Weights.Choose[s], request.Options.SamplingGranularity, samplingSeed);
            var firstShard = request.Spanner.GetShards(s).First;
            for (var shard = 0; shard < sizes.Length; shard++)
            {
                AppendShard(request.Spanner.GetFirstSample(firstShard + shard), sizes[shard], choose[shard], ref generator);
            }
        }

        return new SampleUnits(starts, firstSamples, partials);

        void AppendShard(long firstSample, int size, long choose, ref NumpyGenerator generator)
        {
            if (size == 0)
            {
                return;
            }

            if (choose / size > MostUnits - firstSamples.Count)
            {
                throw new ArgumentException(
                    $"The epoch goes through more than {MostUnits} shards, repeats included, more than can be shuffled. Lower the "
                    + "streams' repeat or choose.");
            }

            for (; choose >= size; choose -= size)
            {
                starts.Add(starts[^1] + size);
                firstSamples.Add(firstSample);
            }

            if (choose > 0)
            {
                partials.Add(firstSamples.Count, new PartialUnit(generator, size));
                starts.Add(starts[^1] + choose);
                firstSamples.Add(firstSample);
                generator.SkipChoice(size, choose);
            }
        }
    }

    /// <summary>Makes units that are shards taken whole once, so that positions are sample ids. Empty shards stay as empty units.</summary>
    public static SampleUnits FromShards(ReadOnlySpan<int> sizes)
    {
        var starts = new List<long>(sizes.Length + 1) { 0 };
        var firstSamples = new List<long>(sizes.Length);
        foreach (var size in sizes)
        {
            firstSamples.Add(starts[^1]);
            starts.Add(checked(starts[^1] + size));
        }

        return new SampleUnits(starts, firstSamples, []);
    }

    /// <summary>Gets the first position of a unit; that of the unit after the last is the number of positions.</summary>
    public long GetStart(int unit) => _starts[unit];

    /// <summary>Gets the number of positions of a unit.</summary>
    public int GetLength(int unit) => (int)(_starts[unit + 1] - _starts[unit]);

    /// <summary>Finds the unit of a position.</summary>
    public int Find(long position) => Spanner.LastAtOrBelow(_starts, position);

    /// <summary>Gets whether a unit holds a chosen part of its shard, which costs a draw to read.</summary>
    public bool IsPartial(int unit) => _partials.ContainsKey(unit);

    /// <summary>Reads the sample ids of a run of positions within one unit.</summary>
    public void Read(long position, int unit, Span<long> sampleIds)
    {
        var from = position - _starts[unit];
        var first = _firstSamples[unit];
        if (!_partials.TryGetValue(unit, out var partial))
        {
            for (var i = 0; i < sampleIds.Length; i++)
            {
                sampleIds[i] = first + from + i;
            }

            return;
        }

        var chosen = partial.Choose(GetLength(unit));
        for (var i = 0; i < sampleIds.Length; i++)
        {
            sampleIds[i] = first + chosen[from + i];
        }
    }

    /// <summary>A unit that is part of a shard, and the generator that chooses its samples.</summary>
    private readonly record struct PartialUnit(NumpyGenerator Generator, int ShardSize)
    {
        public long[] Choose(int count)
        {
            var generator = Generator;
            var chosen = new long[count];
            generator.Choice(ShardSize, chosen);
            Array.Sort(chosen);
            return chosen;
        }
    }
}
