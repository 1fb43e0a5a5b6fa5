// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Rows of any shape, each in memory of its own that is used again for later batches.</summary>
internal sealed class ListColumnStore : ColumnStore
{
    private readonly GrowableMemory[] _rows;
    private readonly long[][] _shapes;
    private readonly bool[] _made;

    public ListColumnStore(BatchColumn column, int rows, IBatchAllocator allocator)
        : base(column)
    {
        _rows = new GrowableMemory[rows];
        _shapes = new long[rows][];
        _made = new bool[rows];
        for (var i = 0; i < rows; i++)
        {
            _rows[i] = new GrowableMemory(column.Type, allocator);
            _shapes[i] = new long[column.Shape.Length];
        }
    }

    public override BatchMemory? Block => null;

    public override Span<byte> AllocateRow(int row, ReadOnlySpan<long> shape)
    {
        var bytes = ColumnShape.ValueBytes(Column, shape);
        shape.CopyTo(_shapes[row]);
        _made[row] = true;
        return _rows[row].Resize(bytes);
    }

    public override void ClearRow(int row) => _made[row] = false;

    public override bool HasRow(int row) => _made[row];

    public override void MoveRow(int from, int to)
    {
        (_rows[to], _rows[from]) = (_rows[from], _rows[to]);
        (_shapes[to], _shapes[from]) = (_shapes[from], _shapes[to]);
        (_made[to], _made[from]) = (_made[from], _made[to]);
    }

    public override long[]? GetBatchShape(int count) => null;

    public override Span<byte> ReadRow(int row) => _rows[row].Bytes;

    public override long[] GetRowShape(int row) => (long[])_shapes[row].Clone();

    /// <summary>Gets the block that a row is at the start of.</summary>
    public BatchMemory GetRowMemory(int row) => _rows[row].Memory;

    public override void Dispose()
    {
        foreach (var row in _rows)
        {
            row.Dispose();
        }
    }
}
