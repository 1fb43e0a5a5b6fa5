// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Shards in shuffled order with their samples shuffled once for the run; then each node's parts, and the samples of each part,
/// shuffled for the epoch. Needs memory for the shards and a generator state for each, and for two shards of samples per canonical node
/// that is read.</summary>
internal sealed class Py2SOrder : SpanwiseOrder
{
    private readonly NumpyGenerator[] _runGenerators;

    public Py2SOrder(ShuffleSettings settings, SampleUnits units)
        : base(settings, units, ShuffleShards(settings, units, out var runGenerators), new NumpyGenerator(settings.EpochSeed))
    {
        _runGenerators = runGenerators;
    }

    /// <inheritdoc/>
    protected override void ShuffleSpans(Span<SampleSpan> spans, ref NumpyGenerator generator) => generator.Shuffle(spans);

    /// <inheritdoc/>
    protected override void ReadSpan(SampleSpan span, Span<long> samples, ref long[] scratch)
    {
        var unitStart = Units.GetStart(span.Unit);
        var shard = NodeReader.Reserve(ref scratch, Units.GetLength(span.Unit));
        Units.Read(unitStart, span.Unit, shard);
        var runGenerator = _runGenerators[span.Unit];
        runGenerator.Shuffle(shard);
        shard.Slice((int)(span.Start - unitStart), span.Length).CopyTo(samples);
    }

    private static SpanList ShuffleShards(ShuffleSettings settings, SampleUnits units, out NumpyGenerator[] runGenerators)
    {
        var order = new int[units.Count];
        var runGenerator = new NumpyGenerator(settings.RunSeed);
        runGenerator.Permutation<int>(order);
        runGenerators = new NumpyGenerator[units.Count];
        foreach (var unit in order)
        {
            runGenerators[unit] = runGenerator;
            runGenerator.SkipShuffle(units.GetLength(unit));
        }

        return SpanList.Divide(units, order, settings.CanonicalNodes);
    }
}
