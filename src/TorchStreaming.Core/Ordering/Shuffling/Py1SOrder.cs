// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Spans in shuffled order, each shuffled by itself. Needs memory for the spans, and for one shard of samples per canonical node
/// that is read.</summary>
internal sealed class Py1SOrder(ShuffleSettings settings, SampleUnits units)
    : SpanwiseOrder(settings, units, SpanList.Shuffle(units, settings, out var generator), generator)
{
    /// <inheritdoc/>
    protected override void ReadSpan(SampleSpan span, Span<long> samples, ref long[] scratch) => Units.Read(span.Start, span.Unit, samples);
}
