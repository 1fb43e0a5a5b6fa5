// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>All samples shuffled without regard to shards. Needs four bytes for each of them: the last draw can move any sample, so none is
/// known before all are drawn.</summary>
internal sealed class NaiveOrder : ShuffledOrder
{
    private readonly SampleUnits _units;
    private readonly Lazy<int[]> _order;

    public NaiveOrder(ShuffleSettings settings, SampleUnits units)
    {
        Validate(settings, units.SampleCount);
        _units = units;
        _order = new Lazy<int[]>(() =>
        {
            var order = new int[units.SampleCount];
            new NumpyGenerator(settings.EpochSeed).Permutation<int>(order);
            return order;
        });
    }

    /// <inheritdoc/>
    public override ShuffleReader OpenReader() => new Reader(_units, _order.Value);

    private sealed class Reader(SampleUnits units, int[] order) : ShuffleReader
    {
        private readonly Dictionary<int, long[]> _partials = [];

        public override long Read(long position)
        {
            var shuffled = (long)order[position];
            var unit = units.Find(shuffled);
            if (units.IsPartial(unit))
            {
                if (!_partials.TryGetValue(unit, out var chosen))
                {
                    chosen = new long[units.GetLength(unit)];
                    units.Read(units.GetStart(unit), unit, chosen);
                    _partials.Add(unit, chosen);
                }

                return chosen[shuffled - units.GetStart(unit)];
            }

            var sampleId = 0L;
            units.Read(shuffled, unit, new Span<long>(ref sampleId));
            return sampleId;
        }
    }
}
