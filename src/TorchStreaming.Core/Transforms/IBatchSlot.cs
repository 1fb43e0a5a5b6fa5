// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>The memory of a batch that is being filled. Rows are independent: any thread may fill any row, one thread a row.</summary>
internal interface IBatchSlot
{
    /// <summary>Gets the memory of one row of a dense column, to be filled completely.</summary>
    /// <param name="column">The column's place among the transform's columns.</param>
    /// <param name="row">The row.</param>
    /// <returns>The row's bytes.</returns>
    Span<byte> GetRow(int column, int row);

    /// <summary>Makes room for one row of a padded or list column.</summary>
    /// <param name="column">The column's place among the transform's columns.</param>
    /// <param name="row">The row.</param>
    /// <param name="shape">The shape of this row's value.</param>
    /// <returns>The row's bytes, to be filled completely.</returns>
    Span<byte> AllocateRow(int column, int row, ReadOnlySpan<long> shape);
}
