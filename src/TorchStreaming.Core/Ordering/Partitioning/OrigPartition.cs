// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>Upstream's first partition: each canonical node is a row of consecutive positions, and the columns of the rows are dealt out to
/// nodes and ranks.</summary>
/// <remarks>Mirrors <c>streaming/base/partition/orig.py</c>. The names of the steps follow that file: a matrix of one row per canonical
/// node is read column by column into one flat list, whose first entries are dropped; physical node p has every P-th entry, and rank q of
/// the node every R-th of those.</remarks>
internal sealed class OrigPartition : Partition
{
    private readonly PartitionShape _shape;
    private readonly bool _isTiny;
    private readonly long _columns;
    private readonly long _filledColumns;
    private readonly long _paddingShift;
    private readonly long _dropFirst;
    private readonly long _nodeEntries;
    private readonly long _extraEntries;

    public OrigPartition(PartitionShape shape, long dropFirst)
    {
        _shape = shape;
        var (samples, canonical, physical) = (shape.SampleCount, shape.CanonicalNodes, shape.PhysicalNodes);
        if ((canonical < physical && physical % canonical != 0) || (physical < canonical && canonical % physical != 0))
        {
            throw new ArgumentException(
                $"Canonical nodes and physical nodes must divide one another, but there are {canonical} canonical and {physical} "
                + "physical nodes. Set NumCanonicalNodes to a multiple or a divisor of the nodes.",
                nameof(shape));
        }

        _dropFirst = dropFirst - (dropFirst % physical);
        _filledColumns = (samples / canonical) + (samples % canonical == 0 ? 0 : 1);
        var ratio = canonical < physical ? physical / canonical : 0;
        var padding = ratio == 0 ? 0 : (ratio - (_filledColumns % ratio)) % ratio;
        _columns = _filledColumns + padding;
        _isTiny = !(samples > canonical || (samples == canonical && canonical >= physical));
        _paddingShift = padding + ratio - 1;
        if (!_isTiny && padding > 0 && _filledColumns < _paddingShift)
        {
            throw new ArgumentException(
                $"{samples} samples are too few for {canonical} canonical nodes on {physical} physical nodes. Use fewer nodes.",
                nameof(shape));
        }

        var flatEntries = Math.Max((canonical * _columns) - _dropFirst, 0);
        _nodeEntries = flatEntries / physical;
        var overhang = _nodeEntries % shape.RanksPerNode;
        _extraEntries = overhang == 0 ? 0 : shape.RanksPerNode - overhang;
        EntriesPerRank = (_nodeEntries + _extraEntries) / shape.RanksPerNode;
        var row = checked(shape.WorkersPerRank * shape.BatchSize);
        BatchesPerWorker = (EntriesPerRank / row) + (EntriesPerRank % row == 0 ? 0 : 1);
        // Repeats reach back over at most two rows of ranks, the padding columns and the repeated last sample.
        var lookback = (2L * shape.RanksPerNode * physical / canonical) + (2L * ratio) + 4;
        Window = new ReadWindow(_isTiny ? 0 : Math.Max((_dropFirst / canonical) - (2L * ratio) - 2, 0), checked((int)lookback));
    }

    /// <summary>Gets the entries of every rank, without padding.</summary>
    public long EntriesPerRank { get; }

    /// <summary>Gets the entries of every node, repeats included.</summary>
    public long EntriesPerNode => _nodeEntries + _extraEntries;

    /// <inheritdoc/>
    public override long BatchesPerWorker { get; }

    /// <inheritdoc/>
    public override long FullBatches => EntriesPerRank / _shape.BatchSize;

    /// <inheritdoc/>
    public override ReadWindow Window { get; }

    /// <inheritdoc/>
    public override int CountLastBatch(int node, int rankOfNode) => (int)(EntriesPerRank % _shape.BatchSize);

    /// <inheritdoc/>
    public override long PositionAt(int node, int rankOfNode, long slot) =>
        slot < EntriesPerRank ? PositionOfNodeEntry(node, rankOfNode + (slot * _shape.RanksPerNode)) : Padding;

    /// <summary>Gets the position of an entry of a physical node's list.</summary>
    public long PositionOfNodeEntry(int node, long entry)
    {
        if (entry >= _nodeEntries)
        {
            var extra = entry - _nodeEntries;
            var fromEnd = _shape.RanksPerNode + _extraEntries - 1;
            entry = fromEnd <= _nodeEntries ? _nodeEntries - fromEnd + extra : extra % _nodeEntries;
        }

        var (column, row) = Math.DivRem(_dropFirst + node + (entry * _shape.PhysicalNodes), _shape.CanonicalNodes);
        return PositionOfCell(row, column);
    }

    private long PositionOfCell(long row, long column)
    {
        if (_isTiny)
        {
            return ((row * _columns) + column) % _shape.SampleCount;
        }

        if (column >= _filledColumns)
        {
            column -= _paddingShift;
        }

        var start = _shape.GetNodeStart(row);
        if (column == _filledColumns - 1 && start + column >= _shape.GetNodeStart(row + 1))
        {
            // The shorter rows repeat their last sample.
            column--;
        }

        return start + column;
    }
}
