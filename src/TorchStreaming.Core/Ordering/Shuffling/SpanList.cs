// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>The units of an epoch in shuffled order, cut where canonical nodes begin and end. Mutable only while an order prepares
/// itself.</summary>
internal sealed class SpanList
{
    private readonly SampleSpan[] _spans;
    private readonly int[] _nodeStarts;

    private SpanList(SampleSpan[] spans, int[] nodeStarts)
    {
        _spans = spans;
        _nodeStarts = nodeStarts;
    }

    /// <summary>Cuts units, taken in a given order, at the borders of the canonical nodes.</summary>
    public static SpanList Divide(SampleUnits units, ReadOnlySpan<int> order, int canonicalNodes)
    {
        var spans = new List<SampleSpan>(order.Length + canonicalNodes);
        var nodeStarts = new int[canonicalNodes + 1];
        var done = 0L;
        var next = 0;
        var taken = 0;
        for (var node = 0; node < canonicalNodes; node++)
        {
            var end = PartitionShape.GetNodeStart(node + 1, units.SampleCount, canonicalNodes);
            while (next < order.Length)
            {
                var unit = order[next];
                var length = units.GetLength(unit) - taken;
                var room = end - done;
                if (length > room)
                {
                    if (room > 0)
                    {
                        spans.Add(new SampleSpan(units.GetStart(unit) + taken, (int)room, unit));
                        taken += (int)room;
                        done = end;
                    }

                    break;
                }

                spans.Add(new SampleSpan(units.GetStart(unit) + taken, length, unit));
                done += length;
                taken = 0;
                next++;
            }

            nodeStarts[node + 1] = spans.Count;
        }

        return new SpanList([.. spans], nodeStarts);
    }

    /// <summary>Shuffles the units with the run's seed and each node's spans with the epoch's, as py1s, py1b, py1br and py1e
    /// begin.</summary>
    /// <param name="units">The units.</param>
    /// <param name="settings">The seeds and the canonical nodes.</param>
    /// <param name="epochGenerator">Receives the epoch's generator, to continue with.</param>
    public static SpanList Shuffle(SampleUnits units, ShuffleSettings settings, out NumpyGenerator epochGenerator)
    {
        var order = new int[units.Count];
        var runGenerator = new NumpyGenerator(settings.RunSeed);
        runGenerator.Permutation<int>(order);
        var spans = Divide(units, order, settings.CanonicalNodes);
        epochGenerator = new NumpyGenerator(settings.EpochSeed);
        for (var node = 0; node < settings.CanonicalNodes; node++)
        {
            epochGenerator.Shuffle(spans.GetMutable(node));
        }

        return spans;
    }

    /// <summary>Gets the spans of a canonical node.</summary>
    public ReadOnlySpan<SampleSpan> this[int node] => GetMutable(node);

    /// <summary>Gets the spans of a canonical node to shuffle them.</summary>
    public Span<SampleSpan> GetMutable(int node) => _spans.AsSpan(_nodeStarts[node].._nodeStarts[node + 1]);
}
