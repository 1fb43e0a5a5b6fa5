// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>One row of one column of a batch.</summary>
/// <param name="Slot">The batch's memory.</param>
/// <param name="Column">The column's place in the batch; also what keeps the random numbers of two columns apart.</param>
/// <param name="Row">The row.</param>
internal readonly record struct ColumnTarget(IBatchSlot Slot, int Column, int Row)
{
    /// <summary>Gets the memory of a dense value, to be filled completely.</summary>
    /// <returns>The bytes.</returns>
    public Span<byte> GetDense() => Slot.GetRow(Column, Row);

    /// <summary>Makes room for a padded or list value.</summary>
    /// <param name="shape">The value's shape.</param>
    /// <returns>The bytes, to be filled completely.</returns>
    public Span<byte> Allocate(ReadOnlySpan<long> shape) => Slot.AllocateRow(Column, Row, shape);
}
