// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Where a sequence is when several are packed into rows of one length.</summary>
/// <param name="Row">The row.</param>
/// <param name="Offset">The place of the sequence's first element in the row.</param>
public readonly record struct SequencePlacement(int Row, int Offset)
{
    /// <summary>Places sequences one after the other, each into the first row that still has room for it: what comes out depends on the
    /// lengths and their order alone.</summary>
    /// <param name="lengths">The sequences' lengths.</param>
    /// <param name="rowLength">The length of a row, at least 1.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <returns>A place for each sequence.</returns>
    /// <exception cref="ArgumentException">A sequence is longer than a row, or a length is negative.</exception>
    public static SequencePlacement[] FirstFit(ReadOnlySpan<int> lengths, int rowLength, out int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowLength, 1);
        var placements = new SequencePlacement[lengths.Length];
        var filled = new List<int>();
        for (var i = 0; i < lengths.Length; i++)
        {
            var length = lengths[i];
            if (length < 0 || length > rowLength)
            {
                throw new ArgumentException(
                    $"Sequence {i} has {length} elements and does not fit a row of {rowLength}. Cut it first.", nameof(lengths));
            }

            var row = filled.FindIndex(used => used + length <= rowLength);
            if (row < 0)
            {
                row = filled.Count;
                filled.Add(0);
            }

            placements[i] = new SequencePlacement(row, filled[row]);
            filled[row] += length;
        }

        rows = filled.Count;
        return placements;
    }
}
