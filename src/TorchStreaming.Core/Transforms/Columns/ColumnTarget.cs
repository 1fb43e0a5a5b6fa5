// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>One row of one column of a batch.</summary>
public readonly struct ColumnTarget
{
    /// <summary>Creates the place.</summary>
    /// <param name="slot">The batch's memory.</param>
    /// <param name="column">The column's place in the batch.</param>
    /// <param name="row">The row.</param>
    internal ColumnTarget(IBatchSlot slot, int column, int row)
    {
        Slot = slot;
        Column = column;
        Row = row;
    }

    /// <summary>Gets the column's place in the batch; also what keeps the random numbers of two columns apart.</summary>
    public int Column { get; }

    /// <summary>Gets the row.</summary>
    public int Row { get; }

    /// <summary>Gets the batch's memory.</summary>
    internal IBatchSlot Slot { get; }

    /// <summary>Gets the memory of a dense value, to be filled completely.</summary>
    /// <returns>The bytes.</returns>
    public Span<byte> GetDense() => Slot.GetRow(Column, Row);

    /// <summary>Makes room for a padded or list value.</summary>
    /// <param name="shape">The value's shape.</param>
    /// <returns>The bytes, to be filled completely.</returns>
    public Span<byte> Allocate(ReadOnlySpan<long> shape) => Slot.AllocateRow(Column, Row, shape);
}
