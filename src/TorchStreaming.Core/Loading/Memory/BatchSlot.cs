// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>The memory of one batch of the ring: a store per column and the ids of the samples in it.</summary>
internal sealed class BatchSlot : IBatchSlot, IDisposable
{
    private readonly ColumnStore[] _stores;
    private readonly ColumnStore[] _sparse;

    public BatchSlot(ImmutableArray<BatchColumn> columns, int rows, IBatchAllocator allocator)
    {
        Columns = columns;
        SampleIds = new long[rows];
        _stores = new ColumnStore[columns.Length];
        for (var i = 0; i < _stores.Length; i++)
        {
            _stores[i] = ColumnStore.Create(columns[i], rows, allocator);
        }

        // Rows of dense columns are always there.
        _sparse = [.. _stores.Where(static store => store is not DenseColumnStore)];
    }

    public ImmutableArray<BatchColumn> Columns { get; }

    /// <summary>Gets the ids of the rows; as many as the finished batch has are valid.</summary>
    public long[] SampleIds { get; }

    public ColumnStore this[int column] => _stores[column];

    public Span<byte> GetRow(int column, int row) => _stores[column].GetRow(row);

    public Span<byte> AllocateRow(int column, int row, ReadOnlySpan<long> shape) => _stores[column].AllocateRow(row, shape);

    /// <summary>Forgets what a row held before.</summary>
    public void ClearRow(int row)
    {
        foreach (var store in _sparse)
        {
            store.ClearRow(row);
        }
    }

    /// <summary>Finds a column that the transform has not filled in a row.</summary>
    /// <returns>The column, or <see langword="null"/> when all are filled.</returns>
    public BatchColumn? FindMissing(int row)
    {
        foreach (var store in _sparse)
        {
            if (!store.HasRow(row))
            {
                return store.Column;
            }
        }

        return null;
    }

    /// <summary>Moves a row over one that was skipped.</summary>
    public void MoveRow(int from, int to)
    {
        foreach (var store in _stores)
        {
            store.MoveRow(from, to);
        }

        SampleIds[to] = SampleIds[from];
    }

    /// <summary>Ends the batch: its first rows are filled and in place.</summary>
    public void Complete(int count)
    {
        foreach (var store in _stores)
        {
            store.Complete(count);
        }
    }

    public void Dispose()
    {
        foreach (var store in _stores)
        {
            store.Dispose();
        }
    }
}
