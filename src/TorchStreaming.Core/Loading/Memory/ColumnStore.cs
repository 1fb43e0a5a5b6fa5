// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>The memory of one column of one batch slot. Rows are filled by any thread, one thread a row; the rest is called by one
/// thread.</summary>
internal abstract class ColumnStore : IDisposable
{
    protected ColumnStore(BatchColumn column) => Column = column;

    public BatchColumn Column { get; }

    /// <summary>Gets the one block that holds all rows, or <see langword="null"/> for a list column.</summary>
    public abstract BatchMemory? Block { get; }

    /// <summary>Gets the lengths of the rows as a block of 64-bit integers, for padded columns.</summary>
    public virtual BatchMemory? Lengths => null;

    /// <summary>Gets the row's memory to write to.</summary>
    public virtual Span<byte> GetRow(int row) =>
        throw new InvalidOperationException(
            $"Column '{Column.Name}' has no fixed shape: ask for its rows by AllocateRow with the value's shape.");

    /// <summary>Makes the row's memory, to write to.</summary>
    public abstract Span<byte> AllocateRow(int row, ReadOnlySpan<long> shape);

    /// <summary>Forgets what a row held before, so that a transform that leaves it out is noticed.</summary>
    public virtual void ClearRow(int row)
    {
    }

    /// <summary>Says whether the transform has made the row.</summary>
    public virtual bool HasRow(int row) => true;

    /// <summary>Moves a row to a lower place, over a row that was skipped.</summary>
    public abstract void MoveRow(int from, int to);

    /// <summary>Ends the batch: its first rows are filled and in place.</summary>
    public virtual void Complete(int count)
    {
    }

    /// <summary>Gets the shape of the finished batch of <paramref name="count"/> rows, or <see langword="null"/> for a list
    /// column.</summary>
    public abstract long[]? GetBatchShape(int count);

    /// <summary>Gets a finished row without padding.</summary>
    public abstract Span<byte> ReadRow(int row);

    /// <summary>Gets the shape of a finished row.</summary>
    public abstract long[] GetRowShape(int row);

    public abstract void Dispose();

    public static ColumnStore Create(BatchColumn column, int rows, IBatchAllocator allocator) => column.Layout switch
    {
        ColumnLayout.Dense => new DenseColumnStore(column, rows, allocator),
        ColumnLayout.Padded when column.PadToLength is { } length => new FixedPaddedColumnStore(column, rows, length, allocator),
        ColumnLayout.Padded => new PaddedColumnStore(column, rows, allocator),
        ColumnLayout.List => new ListColumnStore(column, rows, allocator),
        _ => throw new ArgumentException($"Column '{column.Name}' has the unknown layout {column.Layout}.", nameof(column)),
    };
}
